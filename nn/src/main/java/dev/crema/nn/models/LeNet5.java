package dev.crema.nn.models;

import dev.crema.nn.Conv2d;
import dev.crema.nn.Linear;
import dev.crema.nn.Module;
import dev.crema.nn.init.Fan;
import dev.crema.nn.init.Init;
import dev.crema.tensor.Pool2dOptions;
import dev.crema.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * LeNet-5 as in LeCun, Bottou, Bengio and Haffner (1998), section II.B: convolutions C1, C3, C5,
 * subsamplings S2, S4, then F6 and the output, each up to F6 followed by the squashing function
 * 1.7159·tanh(⅔·a). The layers up to F6 have the paper's 60,000 parameters.
 *
 * <p>Two departures: the output is linear and trained with cross-entropy, where the paper measures
 * distances to fixed pictures of the digits; and biases start at 0. Images are 1x32x32; those of
 * 28x28 get a border of 2.
 */
public final class LeNet5 extends Module {
  private final Conv2d c1 = add("c1", new Conv2d(1, 6, 5));
  private final Subsampling s2 = add("s2", new Subsampling(6));
  private final TableConv2d c3 = add("c3", new TableConv2d(6, TableConv2d.LENET5, 5));
  private final Subsampling s4 = add("s4", new Subsampling(16));
  private final Conv2d c5 = add("c5", new Conv2d(16, 120, 5));
  private final Linear f6 = add("f6", new Linear(120, 84));
  private final Linear output;

  /** For ten classes. */
  public LeNet5() {
    this(10);
  }

  /** For any number of classes. */
  public LeNet5(int numClasses) {
    output = add("output", new Linear(84, numClasses));
    initialise(c1.weight(), c1.bias());
    initialise(c5.weight(), c5.bias());
    initialise(f6.weight(), f6.bias());
    initialise(output.weight(), output.bias());
  }

  /** Appendix A: uniform within ±2.4 / fan in. */
  private void initialise(Tensor weight, @Nullable Tensor bias) {
    double bound = 2.4 / Fan.of(weight.shape()).in();
    Init.uniform_(weight, -bound, bound, generator());
    if (bias != null) {
      Init.zeros_(bias);
    }
  }

  @Override
  protected Tensor forward(Tensor images) {
    Tensor x = squash(c1.call(Digits.bordered(images))); // [n, 6, 28, 28]
    x = squash(s2.call(x)); // [n, 6, 14, 14]
    x = squash(c3.call(x)); // [n, 16, 10, 10]
    x = squash(s4.call(x)); // [n, 16, 5, 5]
    x = squash(c5.call(x)); // [n, 120, 1, 1]
    x = squash(f6.call(x.flatten(1)));
    return output.call(x);
  }

  private static Tensor squash(Tensor a) {
    return a.mul(2.0 / 3).tanh().mul(1.7159);
  }

  /** Averages of 2x2 windows, times a trainable coefficient plus a trainable bias per map. */
  private static final class Subsampling extends Module {
    private final int c;

    Subsampling(int channels) {
      this.c = channels;
    }

    @Override
    protected void build() {
      parameter("weight", Tensor.ones(c));
      parameter("bias", Tensor.zeros(c));
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor means = x.avgPool2d(Pool2dOptions.kernel(2));
      return means
          .mul(getParameter("weight").reshape(c, 1, 1))
          .add(getParameter("bias").reshape(c, 1, 1));
    }

    @Override
    protected String extraRepr() {
      return String.valueOf(c);
    }
  }
}
