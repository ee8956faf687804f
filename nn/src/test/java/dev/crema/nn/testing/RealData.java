package dev.crema.nn.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Real data sets, for tests that have them; the others skip and say why. */
public final class RealData {
  private RealData() {}

  /** The file or folder at this place in CREMA_DATA; without it the test is skipped. */
  public static Path at(String relative) {
    String root = System.getenv("CREMA_DATA");
    assumeTrue(root != null && !root.isBlank(), "skipped: CREMA_DATA names no folder of real data");
    Path path = Path.of(root).resolve(relative);
    assumeTrue(Files.exists(path), "skipped: CREMA_DATA has no " + relative);
    return path;
  }
}
