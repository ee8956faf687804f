package dev.crema.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;

  @Test
  void writesAndReplaces() throws IOException {
    Path parent = folder.resolve("a/b");
    Path file = parent.resolve("notes.txt");
    AtomicFile.write(file, "one");
    AtomicFile.write(file, "zwei\n");
    assertThat(file).hasContent("zwei\n");
    assertNothingElseIn(parent, "notes.txt");
  }

  @Test
  void aFileHasThePermissionsThatAnyNewFileHas() throws IOException {
    assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"), "skipped: not POSIX");
    Path usual = Files.createFile(folder.resolve("usual"));
    Path file = folder.resolve("atomic");
    AtomicFile.write(file, "x");
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(usual));
  }

  @Test
  void aLinkStaysAndItsTargetIsReplaced() throws IOException {
    assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"), "skipped: not POSIX");
    Path target = Files.createFile(folder.resolve("target"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), target);
    AtomicFile.write(link, "new");
    assertThat(link).isSymbolicLink();
    assertThat(target).hasContent("new");
  }

  @Test
  void aDeviceIsNotReplaced() {
    Path device = Path.of("/dev/null");
    assumeTrue(Files.exists(device), "skipped: no /dev/null here");
    assertThatThrownBy(() -> AtomicFile.write(device, "x"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected a regular file, or none yet, got a device or a pipe");
    assertThat(Files.isRegularFile(device)).isFalse();
  }

  @Test
  void aBodyThatFailsHalfWayLeavesTheOldFileAlone() throws IOException {
    Path file = folder.resolve("checkpoint");
    AtomicFile.write(file, "good");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(ByteBuffer.wrap(new byte[10_000]));
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("checkpoint")
        .hasMessageContaining("No space left on device")
        .hasMessageContaining("the previous file is unchanged");
    assertThat(file).hasContent("good");
    assertNothingElseIn(folder, "checkpoint");
  }

  @Test
  void anyOtherExceptionOfTheBodyPassesThroughAndLeavesNothing() throws IOException {
    Path file = folder.resolve("checkpoint");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      throw new IllegalStateException("mine");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("mine");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFullDeviceLeavesTheOldFileAlone() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full), "skipped: this system has no /dev/full");
    Path file = folder.resolve("checkpoint");
    AtomicFile.write(file, "good");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    out -> AtomicFile.writeFully(out, ByteBuffer.wrap(new byte[10_000])),
                    _ -> FileChannel.open(full, StandardOpenOption.WRITE)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("No space left on device");
    assertThat(file).hasContent("good");
    assertNothingElseIn(folder, "checkpoint");
  }

  @Test
  void aDirectoryIsNotAFileToWrite() {
    assertThatThrownBy(() -> AtomicFile.write(folder, "x"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("a directory");
  }

  @Test
  void aFileInPlaceOfAFolderIsNamed() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> AtomicFile.write(file.resolve("below"), "x"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("below")
        .hasMessageContaining(". Hint: ");
  }

  private static void assertNothingElseIn(Path folder, String name) throws IOException {
    try (var files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString())).containsExactly(name);
    }
  }
}
