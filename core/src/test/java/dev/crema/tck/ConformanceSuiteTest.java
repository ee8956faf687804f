package dev.crema.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.cases.OpCase;
import dev.crema.tck.Faulty.Mistake;
import dev.crema.tensor.Device;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;

/**
 * The suite finds the mistakes that a backend can make, each in the modes that are there for it.
 */
class ConformanceSuiteTest {
  private static final Set<String> OPS =
      Set.of("matmul", "conv2d", "sum", "exp", "softmax", "relu");

  private final ConformanceSuite suite =
      new ConformanceSuite() {
        @Override
        protected Device device() {
          return Faulty.DEVICE;
        }

        @Override
        protected List<OpCase> cases() {
          return super.cases().stream().filter(c -> OPS.contains(c.op()) && !c.large()).toList();
        }
      };

  private final Map<String, Supplier<Stream<DynamicNode>>> modes =
      Map.of(
          "forward", suite::forward,
          "gradient", suite::gradient,
          "secondGradient", suite::secondGradient,
          "transposedViews", suite::transposedViews,
          "slicedViews", suite::slicedViews,
          "offsetViews", suite::offsetViews,
          "expandedViews", suite::expandedViews,
          "repeat", suite::repeat,
          "leaks", suite::leaks,
          "leaksOfFailures", suite::leaksOfFailures);

  @AfterEach
  void noMistake() {
    Faulty.mistake = Mistake.NONE;
  }

  @Test
  void aRightBackendPasses() {
    assertThat(failingModes(Mistake.NONE)).isEmpty();
  }

  @Test
  void aWrongResultIsFound() {
    assertThat(failingModes(Mistake.WRONG_RESULT)).contains("forward", "gradient");
  }

  @Test
  void aWrongGradientIsFound() {
    assertThat(failingModes(Mistake.WRONG_GRADIENT)).contains("forward", "gradient");
  }

  @Test
  void anUnwrittenElementIsFound() {
    assertThat(failingModes(Mistake.UNWRITTEN)).contains("forward", "gradient");
  }

  @Test
  void ignoredStridesAreFoundByTheViewsAlone() {
    assertThat(failingModes(Mistake.STRIDES_IGNORED))
        .containsExactly("expandedViews", "slicedViews", "transposedViews");
  }

  @Test
  void aResultThatChangesInItsLastBitsIsFound() {
    assertThat(failingModes(Mistake.UNSTABLE)).contains("repeat");
  }

  @Test
  void aForgottenBufferIsFound() {
    assertThat(failingModes(Mistake.LEAK)).containsExactly("leaks", "leaksOfFailures");
  }

  private Set<String> failingModes(Mistake mistake) {
    Faulty.mistake = mistake;
    Set<String> failing = new TreeSet<>();
    modes.forEach(
        (name, mode) -> {
          if (tests(mode.get()).anyMatch(ConformanceSuiteTest::fails)) {
            failing.add(name);
          }
        });
    return failing;
  }

  private static Stream<DynamicTest> tests(Stream<? extends DynamicNode> nodes) {
    return nodes.flatMap(
        node ->
            node instanceof DynamicContainer container
                ? tests(container.getChildren())
                : Stream.of((DynamicTest) node));
  }

  private static boolean fails(DynamicTest test) {
    try {
      test.getExecutable().execute();
      return false;
    } catch (Throwable _) {
      return true;
    }
  }
}
