package dev.crema.examples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.IVersionProvider;

/** Which Crema this is. */
public final class Version implements IVersionProvider {
  private static final String UNKNOWN = "unknown";

  /** The version in the POM. */
  static String number() {
    var properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      if (in == null) {
        return UNKNOWN;
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", UNKNOWN);
  }

  /**
   * The commit of the checkout that {@code ./crema} runs from, with {@code -dirty} when files were
   * changed since; elsewhere what {@code crema.commit} says, or {@code unknown}.
   */
  static String commit() {
    String home = System.getProperty("crema.home");
    if (home == null) {
      return System.getProperty("crema.commit", UNKNOWN);
    }
    try {
      Process git =
          new ProcessBuilder("git", "-C", home, "describe", "--always", "--dirty", "--abbrev=12")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean ended = git.waitFor(5, TimeUnit.SECONDS);
      return ended && git.exitValue() == 0 ? said.strip() : UNKNOWN;
    } catch (IOException _) {
      return UNKNOWN; // No git here: the version number must do.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return UNKNOWN;
    }
  }

  @Override
  public String[] getVersion() {
    return new String[] {"Crema %s (commit %s)".formatted(number(), commit())};
  }
}
