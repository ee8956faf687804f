package dev.crema.cpu.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.crema.cpu.simd.Simd;
import dev.crema.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.api.Test;

/**
 * C1 compiles the largest tiles. It refuses methods that need too many virtual registers, and then
 * they run interpreted, several hundred times slower, for minutes, until C2 looks at them.
 */
class TileCompilationTest {
  private static final int CALLS = 130;

  @Test
  void noTileIsTooLargeForC1() throws IOException, InterruptedException {
    assumeThat(Simd.VECTOR).as("scalar mode has no generated tiles").isTrue();
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-XX:TieredStopAtLevel=3",
                "-XX:-BackgroundCompilation",
                "-XX:Tier3InvocationThreshold=50",
                "-XX:Tier3MinInvocationThreshold=50",
                "-XX:Tier3CompileThreshold=60",
                "-XX:+PrintCompilation",
                "-D" + Simd.PROPERTY + "=" + Simd.BITS,
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                TileCompilationTest.class.getName())
            .redirectErrorStream(true)
            .start();
    List<String> lines =
        java.inputReader().lines().filter(l -> l.matches(".*[.](Tile|Outer)\\d.*")).toList();
    assertThat(java.waitFor()).isZero();
    assertThat(lines).hasSizeGreaterThanOrEqualTo(34);
    assertThat(lines).noneMatch(line -> line.contains("COMPILE SKIPPED"));
  }

  /** Warms the largest tiles up, in a JVM that knows several kinds of vectors. */
  public static void main(String[] args) throws ReflectiveOperationException {
    List<VectorSpecies<?>> others =
        List.of(FloatVector.SPECIES_128, DoubleVector.SPECIES_256, IntVector.SPECIES_512);
    others.forEach(species -> species.broadcast(1).neg());
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      Tiles tiles = new Tiles(dtype);
      for (int flags = 0; flags < 16; flags++) {
        TileShape shape =
            new TileShape(
                dtype,
                tiles.maxRows(),
                tiles.maxColumns() / tiles.lanes(),
                tiles.maxRows(),
                (flags & 1) != 0 ? 0 : tiles.maxColumns(),
                (flags & 2) != 0,
                (flags & 4) != 0,
                (flags & 8) != 0);
        Tile tile = TileGenerator.generate(shape);
        Object x = dtype == DType.F32 ? new float[4096] : new double[4096];
        Object c = dtype == DType.F32 ? new float[4096] : new double[4096];
        for (int i = 0; i < CALLS; i++) {
          tile.run(x, 0, x, 0, new int[64], 0, 3, c, 0, 64, x, 0);
        }
      }
      int vectors = tiles.maxColumns() / tiles.lanes();
      Outer outer = OuterGenerator.generate(dtype, tiles.maxRows(), vectors, tiles.maxColumns());
      Object x = dtype == DType.F32 ? new float[4096] : new double[4096];
      Object c = dtype == DType.F32 ? new float[4096] : new double[4096];
      for (int i = 0; i < CALLS; i++) {
        outer.run(x, 0, new int[64], 0, 1, 3, 3, x, 0, c, 0, 64);
      }
    }
  }
}
