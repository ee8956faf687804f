package dev.crema.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.crema.tensor.Tensor;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Learning rates over epochs, against values that PyTorch's recursions give. */
class SchedulesTest {

  private static SGD sgd(double lr) {
    return new SGD(List.of(Tensor.zeros(1)), lr).momentum(0.5);
  }

  /** The learning rates at epochs 0, 1, 2, … of a schedule over base 0.1. */
  private static double[] lrs(int epochs, Function<Optimizer, LRScheduler> making) {
    LRScheduler schedule = making.apply(sgd(0.1));
    double[] lrs = new double[epochs];
    for (int epoch = 0; epoch < epochs; epoch++) {
      assertThat(schedule.epoch()).isEqualTo(epoch);
      lrs[epoch] = schedule.lastLr()[0];
      schedule.step();
    }
    return lrs;
  }

  private static void assertLrs(double[] actual, double... expected) {
    assertThat(actual).containsExactly(expected, within(1e-12));
  }

  @Test
  void aGroupThatComesLateIsRefused() {
    SGD optimizer = sgd(0.1);
    var schedule = new StepLR(optimizer, 1);
    schedule.step();
    ParamGroup late = optimizer.addParamGroup(List.of(Tensor.zeros(1)), 0.3);
    assertThatThrownBy(schedule::step)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Hint: add groups before making the schedule");
    assertThat(schedule.epoch()).isEqualTo(1);
    assertThat(late.lr()).isEqualTo(0.3);
  }

  @Test
  void stepLr() {
    assertLrs(lrs(7, o -> new StepLR(o, 3)), 0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.001);
    assertLrs(lrs(3, o -> new StepLR(o, 1, 0.5)), 0.1, 0.05, 0.025);
  }

  @Test
  void multiStepLr() {
    assertLrs(lrs(6, o -> new MultiStepLR(o, 0.1, 2, 4)), 0.1, 0.1, 0.01, 0.01, 0.001, 0.001);
  }

  @Test
  void exponentialLr() {
    assertLrs(lrs(4, o -> new ExponentialLR(o, 0.9)), 0.1, 0.09, 0.081, 0.0729);
  }

  /** PyTorch's own recursion, which differs in form from the closed formula. */
  @Test
  void cosineAnnealingLr() {
    double[] expected = new double[11];
    double etaMin = 0.01;
    expected[0] = 0.1;
    for (int e = 1; e < expected.length; e++) {
      double ratio = (1 + Math.cos(Math.PI * e / 10)) / (1 + Math.cos(Math.PI * (e - 1) / 10));
      expected[e] = ratio * (expected[e - 1] - etaMin) + etaMin;
    }
    assertLrs(lrs(11, o -> new CosineAnnealingLR(o, 10, etaMin)), expected);
    assertLrs(lrs(3, o -> new CosineAnnealingLR(o, 2)), 0.1, 0.05, 0);
  }

  /** With 10 steps and pctStart 0.3 the top is at step 2; cosines at whole fractions of the way. */
  @Test
  void oneCycleLr() {
    double first = 1.0 / 25;
    double last = first / 1e4;
    double[] expected = new double[10];
    expected[0] = first;
    expected[1] = (first + 1) / 2;
    for (int s = 2; s < 10; s++) {
      expected[s] = last + (1 - last) * (1 + Math.cos(Math.PI * (s - 2) / 7)) / 2;
    }
    assertLrs(lrs(10, o -> new OneCycleLR(o, 1.0, 10)), expected);
  }

  @Test
  void oneCycleMovesTheMomentumTheOtherWay() {
    SGD sgd = sgd(0.1);
    var schedule = new OneCycleLR(sgd, 1.0, 10);
    ParamGroup group = sgd.paramGroups().getFirst();
    assertThat(group.momentum()).isEqualTo(0.95);
    schedule.moveTo(2);
    assertThat(group.momentum()).isCloseTo(0.85, within(1e-12));
    schedule.moveTo(9);
    assertThat(group.momentum()).isCloseTo(0.95, within(1e-12));
    schedule.cycleMomentum(false);
    assertThat(group.momentum()).isEqualTo(0.5);
  }

  @Test
  void oneCycleAllowsTheStepAfterTheLastBatchAndNoMore() {
    var schedule = new OneCycleLR(sgd(0.1), 1.0, 3);
    schedule.step();
    schedule.step();
    schedule.step();
    assertThatThrownBy(schedule::step)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("step 4 of 3 in total");
  }

  @Test
  void everyGroupKeepsItsOwnBase() {
    SGD sgd = sgd(0.1);
    sgd.addParamGroup(List.of(Tensor.zeros(2)), 0.8);
    var schedule = new StepLR(sgd, 1, 0.5);
    schedule.step();
    assertLrs(schedule.lastLr(), 0.05, 0.4);
    schedule.moveTo(0);
    assertLrs(schedule.lastLr(), 0.1, 0.8);
  }
}
