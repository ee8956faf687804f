package dev.crema.nn.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that a fuzz test writes over and over; it goes with the JVM. */
public record TempFile(Path path) {
  /** An empty file. */
  public static TempFile create() {
    try {
      Path path = Files.createTempFile("crema-fuzz", ".bin");
      path.toFile().deleteOnExit();
      return new TempFile(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void write(byte[] bytes) {
    try {
      Files.write(path, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public byte[] read() {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
