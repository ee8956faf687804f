package dev.crema.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import jcuda.JCudaVersion;
import org.junit.jupiter.api.Test;

/** On the very file that it is for. */
class ElfRetargetTest {
  private static final String CUBLAS_12 = "libcublas.so.12";
  private static final String CUBLAS_13 = "libcublas.so.13";

  @Test
  void renames_the_library_and_its_version() throws IOException {
    byte[] file = jcublas();
    byte[] moved = ElfRetarget.retarget(file, CUBLAS_12, CUBLAS_13);

    assertThat(moved).hasSameSizeAs(file);
    assertThat(text(file).contains(CUBLAS_13)).isFalse();
    assertThat(text(moved).contains(CUBLAS_13)).isTrue();
    // One digit of one name that both tables share, and the low byte of the version's hash.
    assertThat(differing(file, moved)).isBetween(2, 3);
  }

  @Test
  void there_and_back_is_the_same_file() throws IOException {
    byte[] file = jcublas();
    byte[] moved = ElfRetarget.retarget(file, CUBLAS_12, CUBLAS_13);
    assertThat(Arrays.equals(ElfRetarget.retarget(moved, CUBLAS_13, CUBLAS_12), file)).isTrue();
  }

  @Test
  void refuses_what_it_cannot_do() throws IOException {
    byte[] file = jcublas();
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> ElfRetarget.retarget(file, "libcudnn.so.9", "libcudnn.so.8"))
        .withMessage("it does not need libcudnn.so.9");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> ElfRetarget.retarget(file, CUBLAS_12, "libcublas.so.1"))
        .withMessageContaining("differ in length");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> ElfRetarget.retarget(new byte[100], CUBLAS_12, CUBLAS_13))
        .withMessage("not a 64-bit little-endian ELF file");
  }

  private static byte[] jcublas() throws IOException {
    String file = "/lib/libJCublas2-%s-linux-x86_64.so".formatted(JCudaVersion.get());
    try (InputStream in = JCudaVersion.class.getResourceAsStream(file)) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  private static String text(byte[] file) {
    return new String(file, StandardCharsets.ISO_8859_1);
  }

  private static int differing(byte[] a, byte[] b) {
    int count = 0;
    for (int i = 0; i < a.length; i++) {
      count += a[i] == b[i] ? 0 : 1;
    }
    return count;
  }
}
