package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.MethodRefEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * JCuda's natives are bound lazily: a call of a function that a library lacks ends the JVM. So the
 * CPU-executing driver must have every function that the backend's classes name.
 */
@OnCpuDriver
final class CallsTest {
  private static final Map<String, String> LIBRARIES =
      Map.of(
          "jcuda/driver/JCudaDriver", "libcuda.so.1",
          "jcuda/jcublas/JCublas2", "libcublas.so.13",
          "jcuda/jcudnn/JCudnn", "libcudnn.so.9");

  @Test
  void everyFunctionThatIsCalledIsThere() throws IOException {
    Set<String> missing = new TreeSet<>();
    int seen = 0;
    Path classes = Path.of(System.getProperty("crema.home"), "cuda", "target", "classes");
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        var pool = ClassFile.of().parse(file).constantPool();
        for (MethodRefEntry call :
            StreamSupport.stream(pool.spliterator(), false)
                .filter(MethodRefEntry.class::isInstance)
                .map(MethodRefEntry.class::cast)
                .toList()) {
          String library = LIBRARIES.get(call.owner().asInternalName());
          String function = call.name().stringValue().replaceAll("_new$", "");
          if (library != null && function.matches("cu(blas|dnn)?[A-Z].*")) {
            seen++;
            if (!CpuDriver.exports(library, function)
                && !CpuDriver.exports(library, function + "_v2")
                && !CpuDriver.exports(library, function + "WithFlags")) {
              missing.add(library + " " + function);
            }
          }
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(seen).isGreaterThan(40);
  }
}
