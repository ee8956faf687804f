package dev.crema.examples.cli;

import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * A progress bar where a person watches, and nothing elsewhere. It is drawn on the stream that the
 * results go to, so that the two keep their order, and is gone when closed.
 */
final class Progress implements AutoCloseable {
  private static final int REDRAW_MILLIS = 200;

  private final @Nullable ProgressBar bar;

  private Progress(@Nullable ProgressBar bar) {
    this.bar = bar;
  }

  /**
   * A bar at zero.
   *
   * @param task what it stands before the bar
   * @param max where it ends
   * @param unit what is counted, such as {@code " images"}
   * @param unitSize how many make one unit
   */
  static Progress start(Terminal terminal, String task, long max, String unit, long unitSize) {
    if (!terminal.interactive()) {
      return new Progress(null);
    }
    return new Progress(
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(max)
            .setUnit(unit, unitSize)
            .setStyle(ProgressBarStyle.UNICODE_BLOCK)
            .setUpdateIntervalMillis(REDRAW_MILLIS)
            .setConsumer(new DelegatingProgressBarConsumer(Progress::draw))
            .clearDisplayOnFinish()
            .build());
  }

  private static void draw(String line) {
    System.out.print("\r" + line);
    System.out.flush();
  }

  /** So much is done; {@code note} stands behind the bar. */
  void to(long done, String note) {
    if (bar != null) {
      bar.stepTo(done);
      bar.setExtraMessage(note);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
