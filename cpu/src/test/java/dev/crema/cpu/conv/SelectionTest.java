package dev.crema.cpu.conv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crema.backend.Conv2dPlan;
import dev.crema.tensor.Conv2dOptions;
import dev.crema.tensor.DType;
import dev.crema.tensor.Shape;
import dev.crema.tensor.UnsupportedOpException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who computes a convolution, under each policy. */
class SelectionTest {
  private static final Conv2dPlan PLAN =
      plan(Shape.of(1, 4, 8, 8), Shape.of(4, 4, 3, 3), Conv2dOptions.DEFAULT);

  private final ConvPolicy before = Selection.policy();

  @AfterEach
  void restorePolicy() {
    Selection.setPolicy(before);
  }

  @Test
  void thePinnedAlgorithmComputes() {
    Selection.setPolicy(ConvPolicy.pin("direct"));
    assertThat(Selection.of(PLAN, Direction.FORWARD).name()).isEqualTo("direct");
    Selection.setPolicy(ConvPolicy.pin("winograd-f2"));
    assertThat(Selection.of(PLAN, Direction.FORWARD).name()).isEqualTo("winograd-f2");
  }

  @Test
  void aPinnedAlgorithmThatDeclinesFails() {
    Selection.setPolicy(ConvPolicy.pin("winograd-f2"));
    Conv2dPlan strided =
        plan(Shape.of(1, 4, 8, 8), Shape.of(4, 4, 3, 3), Conv2dOptions.DEFAULT.stride(2));
    assertThatThrownBy(() -> Selection.of(strided, Direction.FORWARD))
        .isInstanceOf(UnsupportedOpException.class)
        .hasMessage(
            "conv2d fwd: the pinned algorithm 'winograd-f2' declines: the stride is not 1. Hint:"
                + " ConvPolicy.prefer falls back to the automatic choice");
    Selection.setPolicy(ConvPolicy.prefer("winograd-f2"));
    assertThat(Selection.of(strided, Direction.FORWARD))
        .isSameAs(Selection.auto(strided, Direction.FORWARD));
  }

  @Test
  void theTunerTakesTheFastestWhereverItStands() {
    ConvAlgorithm fast = sleeper("fast", 0);
    ConvAlgorithm slow = sleeper("slow", 20);
    ConvAlgorithm slower = sleeper("slower", 40);
    assertThat(Tuner.fastest(PLAN, Direction.FORWARD, List.of(slower, slow, fast))).isSameAs(fast);
    assertThat(Tuner.fastest(PLAN, Direction.FORWARD, List.of(fast, slow))).isSameAs(fast);
  }

  @Test
  void theAutomaticChoiceNeverDeclinesAndIsTheCheapest() {
    for (Direction direction : Direction.values()) {
      ConvAlgorithm chosen = Selection.auto(PLAN, direction);
      assertThat(chosen.declines(PLAN, direction)).isNull();
      for (ConvAlgorithm other : Algorithms.all()) {
        if (other.declines(PLAN, direction) == null) {
          assertThat(chosen.cost(PLAN, direction)).isLessThanOrEqualTo(other.cost(PLAN, direction));
        }
      }
    }
  }

  @Test
  void theChoiceFollowsTheShape() {
    Conv2dPlan first = plan(Shape.of(32, 3, 224, 224), Shape.of(64, 3, 11, 11), STEM);
    Conv2dPlan pointwise =
        plan(Shape.of(8, 256, 28, 28), Shape.of(256, 256, 1, 1), Conv2dOptions.DEFAULT);
    Conv2dPlan deep =
        plan(Shape.of(8, 256, 28, 28), Shape.of(256, 256, 3, 3), Conv2dOptions.DEFAULT.padding(1));
    assertThat(Selection.auto(first, Direction.FORWARD).name()).isEqualTo("implicit");
    assertThat(Selection.auto(pointwise, Direction.FORWARD).name()).isEqualTo("im2col");
    assertThat(Selection.auto(deep, Direction.FORWARD).name()).startsWith("winograd");
  }

  @Test
  void anUnknownNameListsTheOthers() {
    assertThatThrownBy(() -> Selection.parse("winogard"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("convolution algorithm: expected one of direct, im2col, ")
        .hasMessageEndingWith(", got 'winogard'");
  }

  @Test
  void ofTwoAlgorithmsOfOneNameTheFirstStays() {
    ConvAlgorithm mine = sleeper("mine", 0);
    List<ConvAlgorithm> found = List.of(mine, sleeper("im2col", 0), sleeper("mine", 1));

    List<ConvAlgorithm> all = Algorithms.load(found.iterator());

    assertThat(all).contains(mine).doesNotContain(found.get(1), found.get(2));
    assertThat(all).extracting(ConvAlgorithm::name).doesNotHaveDuplicates();
  }

  private static final Conv2dOptions STEM = Conv2dOptions.DEFAULT.stride(4).padding(2);

  private static Conv2dPlan plan(Shape x, Shape w, Conv2dOptions o) {
    return Conv2dPlan.check("conv2d", DType.F32, x, DType.F32, w, null, o);
  }

  private static ConvAlgorithm sleeper(String name, int millis) {
    return new ConvAlgorithm() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public @Nullable String declines(Conv2dPlan plan, Direction direction) {
        return null;
      }

      @Override
      public void forward(Conv2dPlan plan, Operand x, Operand w, Epilogue epilogue, Operand y) {
        try {
          Thread.sleep(millis);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }

      @Override
      public void backwardInput(Conv2dPlan plan, Operand gy, Operand w, Operand gx) {
        throw new UnsupportedOperationException(name);
      }

      @Override
      public void backwardWeight(Conv2dPlan plan, Operand x, Operand gy, Operand gw) {
        throw new UnsupportedOperationException(name);
      }
    };
  }
}
