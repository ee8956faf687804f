package dev.crema.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.crema.cpu.simd.Simd;
import dev.crema.tensor.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LimitsTest {
  /** However busy the machine is: not compiled, it would do a hundredth of that. */
  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void the_first_peak_is_that_of_a_compiled_loop(DType dtype) {
    assumeThat(Simd.VECTOR).as("whether scalar loops are compiled cannot be seen").isTrue();

    Peak peak = new Limits(dtype).peak();

    assertThat(FmaLoop.isCompiled(dtype)).isTrue();
    assertThat(peak.gflops()).isPositive();
    assertThat(peak.gbPerS()).isPositive();
  }
}
