package dev.crema.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crema.nn.io.DataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarGzTest {
  @TempDir Path folder;

  /** A tar file of these names and contents, in turn. */
  static byte[] tar(Object... namesAndContents) {
    var out = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndContents.length; i += 2) {
      byte[] content = (byte[]) namesAndContents[i + 1];
      out.writeBytes(header((String) namesAndContents[i], content.length, '0'));
      out.writeBytes(Arrays.copyOf(content, Math.ceilDiv(content.length, 512) * 512));
    }
    out.writeBytes(new byte[1024]);
    return out.toByteArray();
  }

  private static byte[] header(String name, long size, char type) {
    byte[] block = new byte[512];
    put(block, 0, name);
    put(block, 124, "%011o".formatted(size));
    put(block, 148, "        ");
    block[156] = (byte) type;
    put(block, 257, "ustar");
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xFF;
    }
    put(block, 148, "%06o\0".formatted(sum));
    return block;
  }

  private static void put(byte[] block, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  private void unpack(byte[] tar, String... wanted) {
    try {
      Path archive = Files.write(folder.resolve("a.tar.gz"), IdxTest.gzip(tar));
      TarGz.unpack(archive, List.of(wanted), folder.resolve("out"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void takesWhatIsAskedForAndNothingElse() {
    byte[] a = new byte[] {1, 2, 3};
    byte[] b = new byte[1024];
    unpack(tar("dir/x", new byte[600], "dir/a", a, "b", b, "dir/y", new byte[5]), "a", "b");
    assertThat(folder.resolve("out/a")).hasBinaryContent(a);
    assertThat(folder.resolve("out/b")).hasBinaryContent(b);
    assertThat(folder.resolve("out").toFile().list()).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void aPathThatClimbsOutIsReducedToItsName() {
    unpack(tar("../../a", new byte[] {1}), "a");
    assertThat(folder.resolve("out/a")).exists();
    assertThat(folder.resolve("../a")).doesNotExist();
  }

  @Test
  void aLinkIsNotAFile() {
    byte[] link = Arrays.copyOf(header("a", 0, '2'), 1536);
    assertFails(link, "none of [a]");
  }

  @Test
  void aMissingMemberIsExplained() {
    assertFails(tar("b", new byte[10]), "none of [a]");
  }

  @Test
  void anArchiveThatIsCutOffLeavesNoMember() {
    byte[] tar = tar("a", new byte[2000]);
    assertFails(Arrays.copyOf(tar, 1500), "cut off");
    assertThat(folder.resolve("out/a")).doesNotExist();
  }

  @Test
  void aMemberThatDoesNotUncompressIsTheArchivesFault() throws IOException {
    byte[] noise = new byte[400_000];
    new Random(7).nextBytes(noise);
    byte[] gzip = IdxTest.gzip(tar("a", noise));
    Arrays.fill(gzip, gzip.length / 2, gzip.length / 2 + 70_000, (byte) 0xFF);
    Path archive = Files.write(folder.resolve("a.tar.gz"), gzip);
    assertThatThrownBy(() -> TarGz.unpack(archive, List.of("a"), folder.resolve("out")))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(archive.toString())
        .hasMessageContaining("expected a readable file")
        .hasMessageContaining("corrupt");
    assertThat(folder.resolve("out/a")).doesNotExist();
  }

  @Test
  void aHeaderThatLiesIsExplained() {
    byte[] tar = tar("a", new byte[10]);
    tar[124] = '7';
    assertFails(tar, "checksum");
    assertFails(Arrays.copyOf(header("a", 1L << 31, '0'), 1024), "at most 1,073,741,824 bytes");
    byte[] base256 = header("a", 0, '0');
    assertThatThrownBy(
            () -> {
              base256[124] = (byte) 0x80;
              unpack(base256, "a");
            })
        .isInstanceOf(DataException.class);
  }

  private void assertFails(byte[] tar, String message) {
    assertThatThrownBy(() -> unpack(tar, "a"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("a.tar.gz")
        .hasMessageContaining(message)
        .hasMessageContaining(". Hint: ");
  }
}
