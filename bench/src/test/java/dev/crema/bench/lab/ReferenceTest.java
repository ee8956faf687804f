package dev.crema.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.cpu.conv.Algorithms;
import dev.crema.cpu.conv.Direction;
import dev.crema.tensor.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "mb3ic4ih9oc6kh3ph1",
        "mb3ic3ih11iw7oc4kh3kw5sh2sw1ph1pw2",
        "g2mb2ic4ih10oc6oh6kh3dh1",
        "g6mb5ic6ih8oc6kh3sh2ph1",
        "mb2ic2ih6oc3oh6kh4ph1",
        "mb2ic2ih5oc3kh1sh3",
        "mb1ic1ih1oc1kh1",
      })
  void it_is_what_the_definition_says_whatever_the_chunks(String problem) {
    for (Direction direction : Direction.values()) {
      for (DType dtype : new DType[] {DType.F32, DType.F64}) {
        Trial trial = Trial.of(ConvProblem.parse(problem).plan(dtype), direction);
        Trial exact = Trial.of(ConvProblem.parse(problem).plan(DType.F64), direction);
        copyInputs(trial, exact);
        exact.run(Algorithms.named("direct"));

        for (long chunk : new long[] {1, 500, Long.MAX_VALUE}) {
          Accuracy accuracy =
              Accuracy.of(
                  Reference.of(trial, chunk), exact.result().array(), DType.F64, trial.terms());
          assertThat(accuracy.passes()).as("%s %s %s", direction, dtype, accuracy).isTrue();
        }
      }
    }
  }

  private static void copyInputs(Trial from, Trial to) {
    copy(from.x().array(), to.x().f64());
    copy(from.w().array(), to.w().f64());
    copy(from.y().array(), to.y().f64());
  }

  private static void copy(Object from, double[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = from instanceof float[] a ? a[i] : ((double[]) from)[i];
    }
  }
}
