package dev.crema.cuda.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.crema.cuda.driver.PtxCompiler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The PTX that is committed: it is of the sources beside it, and every GPU from 7.5 on takes it.
 */
class PtxTest {
  private static final Path SOURCES = Path.of("src/main/cuda");
  private static final Path PTX = Path.of("src/main/resources/dev/crema/cuda");
  private static final List<String> TARGETS = List.of("sm_75", "sm_80", "sm_86", "sm_89", "sm_90");

  private static final Pattern INCLUDE = Pattern.compile("(?m)^#include \"(.*)\"$");

  private static final String REMEDY = "mvn -q -N -Pptx generate-resources, with nvcc on the path";

  static List<String> families() throws IOException {
    return names(SOURCES, ".cu");
  }

  private static List<String> names(Path folder, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(suffix))
          .map(name -> name.substring(0, name.length() - suffix.length()))
          .sorted()
          .toList();
    }
  }

  @Test
  void eachSourceHasItsPtxAndNoOtherIsThere() throws IOException {
    assertThat(names(PTX, ".ptx")).as(REMEDY).isEqualTo(families()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("families")
  void ptxIsOfItsSource(String family) throws IOException, NoSuchAlgorithmException {
    var hash = MessageDigest.getInstance("SHA-256");
    String source = Files.readString(SOURCES.resolve(family + ".cu"));
    hash.update(source.getBytes(StandardCharsets.UTF_8));
    List<String> headers =
        INCLUDE.matcher(source).results().map(include -> include.group(1)).toList();
    for (String header : headers) {
      hash.update(Files.readAllBytes(SOURCES.resolve(header)));
    }
    String expected =
        "// sha256 of %s.cu and %s: %s"
            .formatted(family, String.join(" ", headers), HexFormat.of().formatHex(hash.digest()));
    assertThat(Files.readString(PTX.resolve(family + ".ptx")))
        .as(REMEDY)
        .startsWith(expected + "\n")
        .contains("\n.version 7.0\n.target sm_75\n");
  }

  @ParameterizedTest
  @MethodSource("families")
  void ptxCompilesForEachTarget(String family) throws IOException {
    assumeTrue(
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64"),
        "NVIDIA's PTX compiler is here for Linux on x86-64 alone");
    PtxCompiler.load();
    byte[] ptx = Files.readAllBytes(PTX.resolve(family + ".ptx"));
    for (String target : TARGETS) {
      assertThat(PtxCompiler.compile(ptx, target)).as(target).isEmpty();
    }
  }
}
