package dev.crema.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GeneratorTest {

  @AfterEach
  void startAnew() {
    Generator.manualSeed(0);
  }

  @Test
  void theSameSeedRepeatsItself() {
    Generator a = Generator.of(5);
    Generator b = Generator.of(5);
    assertThat(a.permutation(50)).isEqualTo(b.permutation(50));
    assertThat(a.nextDouble()).isEqualTo(b.nextDouble());
    assertThat(Generator.of(6).permutation(50)).isNotEqualTo(Generator.of(5).permutation(50));
  }

  @Test
  void manualSeedStartsTheGlobalStreamAnew() {
    Generator.manualSeed(42);
    float[] first = Tensor.randn(7).toFloatArray();
    float[] second = Tensor.randn(7).toFloatArray();
    Generator.manualSeed(42);
    assertThat(Tensor.randn(7).toFloatArray()).isEqualTo(first).isNotEqualTo(second);
    assertThat(Tensor.randn(7).toFloatArray()).isEqualTo(second);
  }

  @Test
  void drawsDoNotOverlap() {
    Generator generator = Generator.of(1);
    assertThat(generator.reserve(3)).isZero();
    assertThat(generator.reserve(1)).isEqualTo(3);
    assertThat(generator.reserve(1)).isEqualTo(4);
  }

  /** Every order of 4 elements about equally often: 24 classes, 24,000 draws. */
  @Test
  void permutationsAreUniform() {
    Generator generator = Generator.of(3);
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < 24_000; i++) {
      counts.merge(Arrays.toString(generator.permutation(4)), 1, Integer::sum);
    }
    assertThat(counts).hasSize(24);
    double chiSquare =
        counts.values().stream().mapToDouble(n -> (n - 1000.0) * (n - 1000.0) / 1000).sum();
    assertThat(chiSquare).isLessThan(49.7); // 23 degrees of freedom, one in a thousand
  }

  @Test
  void permutationsHoldEachNumberOnce() {
    for (int n : new int[] {0, 1, 2, 1000}) {
      int[] sorted = Generator.of(9).permutation(n);
      Arrays.sort(sorted);
      assertThat(sorted).isEqualTo(IntStream.range(0, n).toArray());
    }
  }

  @Test
  void integersStayBelowTheirBoundAndReachAll() {
    Generator generator = Generator.of(2);
    assertThat(IntStream.range(0, 1000).map(_ -> generator.nextInt(7)).boxed())
        .containsOnly(0, 1, 2, 3, 4, 5, 6);
    assertThat(generator.nextInt(1)).isZero();
    assertThat(generator.nextInt(Integer.MAX_VALUE)).isNotNegative();
  }

  @Test
  void momentsAreThoseOfTheDistributions() {
    int n = 100_000;
    Device cpu = Device.cpu();
    Shape shape = Shape.of(n);
    double[] normal = Tensor.normal(3, 2, shape, DType.F64, cpu, Generator.of(1)).toDoubleArray();
    double mean = Arrays.stream(normal).average().orElseThrow();
    double var = Arrays.stream(normal).map(z -> (z - mean) * (z - mean)).sum() / n;
    double kurtosis = Arrays.stream(normal).map(z -> Math.pow(z - mean, 4)).sum() / n / (var * var);
    assertThat(mean).isCloseTo(3, within(0.03));
    assertThat(var).isCloseTo(4, within(0.08));
    assertThat(kurtosis).isCloseTo(3, within(0.1));

    double[] uniform =
        Tensor.uniform(-1, 2, shape, DType.F32, cpu, Generator.of(1)).toDoubleArray();
    assertThat(Arrays.stream(uniform).average().orElseThrow()).isCloseTo(0.5, within(0.01));
    assertThat(Arrays.stream(uniform).allMatch(u -> u >= -1 && u < 2)).isTrue();
  }

  @Test
  void dropoutKeepsTheMean() {
    Tensor y = Tensor.ones(100_000).dropout(0.3, Generator.of(4));
    assertThat(y.mean().item()).isCloseTo(1, within(0.01));
    assertThat(y.eq(0).to(DType.F32).mean().item()).isCloseTo(0.3, within(0.005));
    assertThat(y.max().item()).isCloseTo(1 / 0.7, within(1e-6));
  }
}
