package dev.crema.cuda.driver;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;
import jcuda.JCudaVersion;

/**
 * JCuda's own native libraries, unpacked where nobody else can put a file. JCuda would unpack them
 * under fixed names in java.io.tmpdir, and there load whatever it finds: a file that a killed
 * process left half written, or one that somebody planted. So they go into a fresh folder that only
 * this user may enter, which is java.io.tmpdir while JCuda loads them, and are deleted after that.
 */
final class Extraction implements AutoCloseable {
  private static final String TMPDIR = "java.io.tmpdir";

  private final Path folder;
  private final List<Path> files = new ArrayList<>();

  Extraction() throws IOException {
    folder =
        Files.createTempDirectory(
            Leftovers.PREFIX + ProcessHandle.current().pid() + "-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Leftovers.removeBeside(folder);
  }

  /**
   * Unpacks a library and has JCuda load it.
   *
   * @param name such as JCublas2
   * @param change what becomes of the file first
   * @param firstUse touches the JCuda class that loads it; its result is returned
   */
  int load(String name, UnaryOperator<byte[]> change, IntSupplier firstUse) throws IOException {
    String file = "lib%s-%s-linux-x86_64.so".formatted(name, JCudaVersion.get());
    try (InputStream in = JCudaVersion.class.getResourceAsStream("/lib/" + file)) {
      if (in == null) {
        throw new IOException(
            file + " is in no jar on the class path, where JCuda's natives belong");
      }
      Path unpacked = folder.resolve(file);
      files.add(unpacked);
      Files.write(unpacked, change.apply(in.readAllBytes()));
    }
    String before = System.getProperty(TMPDIR);
    System.setProperty(TMPDIR, folder.toString());
    try {
      return firstUse.getAsInt();
    } finally {
      System.setProperty(TMPDIR, before);
    }
  }

  /** Deletes the files: what is loaded stays so. */
  @Override
  public void close() throws IOException {
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
    Files.delete(folder);
  }
}
