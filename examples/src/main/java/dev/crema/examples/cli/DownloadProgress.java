package dev.crema.examples.cli;

import dev.crema.nn.data.Download;
import org.jspecify.annotations.Nullable;

/** Says which file is fetched, and how far it has come. */
final class DownloadProgress implements Download.Progress, AutoCloseable {
  private static final long MEGABYTE = 1_000_000;

  private final Terminal terminal;
  private String file = "";
  private @Nullable Progress bar;

  DownloadProgress(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void update(String name, long done, long total) {
    if (bar == null || !name.equals(file)) {
      close();
      terminal.line("fetching %s (%s)", name, Words.bytes(total));
      file = name;
      bar = Progress.start(terminal, name, total, " MB", MEGABYTE);
    }
    bar.to(done, "");
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
