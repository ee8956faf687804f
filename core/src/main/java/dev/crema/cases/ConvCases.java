package dev.crema.cases;

import static dev.crema.tensor.Conv2dOptions.DEFAULT;

import dev.crema.backend.Conv2dPlan;
import dev.crema.op.Conv;
import dev.crema.tensor.Activation;
import dev.crema.tensor.Conv2dOptions;
import dev.crema.tensor.DType;
import dev.crema.tensor.Padding;
import dev.crema.tensor.PaddingMode;
import dev.crema.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** 2-D convolution, and its two backward ops, which are ops of their own. */
final class ConvCases {
  private ConvCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    shapes(cases);
    paddings(cases);
    backwards(cases);
    exact(cases);
    relus(cases);
    return cases;
  }

  /** With a ReLU on top, in one op. */
  private static void relus(List<OpCase> cases) {
    Conv2dOptions relu = DEFAULT.activation(Activation.RELU);
    cases.add(conv("relu", relu.padding(1), x(2, 2, 4, 5), w(3, 2, 3, 2)));
    cases.add(conv("relu of 1x1", relu, x(2, 3, 2, 3), w(4, 3, 1, 1)));
    cases.add(conv("relu of a circle", circular(relu), x(1, 2, 3, 4), w(2, 2, 2, 2)));
    cases.add(conv("relu, one image", relu, x(2, 4, 4), w(2, 2, 3, 3)));
    cases.add(conv("relu, one pixel", relu, x(3, 2, 2, 2), w(4, 2, 2, 2)));
    cases.add(conv("relu, no images", relu, x(0, 2, 4, 4), w(2, 2, 3, 3)));
    cases.add(
        OpCase.of(
            "conv2d",
            "relu without bias",
            t -> t[0].conv2d(t[1], null, relu),
            x(2, 2, 4, 3),
            w(2, 2, 2, 2)));
    cases.add(
        OpCase.of(
            "conv2d",
            "relu, frozen bias",
            t -> t[0].conv2d(t[1], t[2], relu),
            x(2, 2, 4, 3),
            w(2, 2, 2, 2),
            x(2).constant()));
    cases.add(whole("relu", relu.padding(1), Shape.of(9, 5, 13, 14), Shape.of(12, 5, 3, 3)));
  }

  private static Conv2dOptions circular(Conv2dOptions o) {
    return o.padding(1).mode(PaddingMode.CIRCULAR);
  }

  private static void shapes(List<OpCase> cases) {
    cases.add(conv("", DEFAULT, x(2, 2, 4, 5), w(3, 2, 3, 2)));
    cases.add(conv("padding 1", DEFAULT.padding(1), x(1, 2, 4, 4), w(2, 2, 3, 3)));
    cases.add(conv("stride 2", DEFAULT.stride(2).padding(1), x(1, 2, 6, 5), w(2, 2, 3, 3)));
    cases.add(conv("stride (2, 3)", DEFAULT.stride(2, 3), x(1, 1, 6, 8), w(2, 1, 2, 2)));
    cases.add(conv("dilation 2", DEFAULT.dilation(2).padding(2), x(1, 1, 5, 6), w(2, 1, 3, 3)));
    cases.add(
        conv(
            "all axes differ",
            DEFAULT.stride(2, 1).padding(2, 1).dilation(3, 1),
            x(1, 2, 6, 5),
            w(2, 2, 3, 4)));
    cases.add(conv("groups 2", DEFAULT.groups(2), x(2, 4, 3, 3), w(6, 2, 2, 2)));
    cases.add(conv("depthwise", DEFAULT.groups(3).padding(1), x(1, 3, 4, 3), w(3, 1, 3, 3)));
    cases.add(conv("depthwise, 2 each", DEFAULT.groups(2), x(2, 2, 3, 3), w(4, 1, 2, 2)));
    cases.add(conv("1x1", DEFAULT, x(2, 3, 2, 3), w(4, 3, 1, 1)));
    cases.add(conv("1x1 stride 2", DEFAULT.stride(2), x(1, 3, 3, 4), w(2, 3, 1, 1)));
    cases.add(conv("1x1 padding 1", DEFAULT.padding(1), x(1, 2, 2, 2), w(2, 2, 1, 1)));
    cases.add(conv("1x1 groups 2", DEFAULT.groups(2), x(2, 4, 2, 2), w(4, 2, 1, 1)));
    cases.add(conv("row kernel", DEFAULT.padding(0, 1), x(1, 2, 3, 4), w(2, 2, 1, 3)));
    cases.add(conv("column kernel", DEFAULT.padding(1, 0), x(1, 2, 4, 3), w(2, 2, 3, 1)));
    cases.add(conv("stride over kernel", DEFAULT.stride(3), x(1, 1, 7, 8), w(2, 1, 2, 2)));
    cases.add(conv("kernel of image size", DEFAULT, x(2, 2, 3, 4), w(2, 2, 3, 4)));
    cases.add(conv("one pixel", DEFAULT.padding(1), x(2, 2, 1, 1), w(3, 2, 3, 3)));
    cases.add(conv("one pixel 1x1", DEFAULT, x(3, 2, 1, 1), w(2, 2, 1, 1)));
    cases.add(conv("one channel", DEFAULT, x(1, 1, 4, 4), w(1, 1, 3, 3)));
    cases.add(conv("no images", DEFAULT, x(0, 2, 4, 4), w(2, 2, 3, 3)));
    cases.add(conv("one image, unbatched", DEFAULT, x(2, 4, 4), w(2, 2, 3, 3)));
    cases.add(
        OpCase.of(
            "conv2d",
            "without bias",
            t -> t[0].conv2d(t[1], null, DEFAULT),
            x(2, 2, 4, 3),
            w(2, 2, 2, 2)));
    cases.add(
        OpCase.of(
            "conv2d",
            "frozen kernel",
            t -> t[0].conv2d(t[1], null, DEFAULT),
            x(1, 2, 4, 3),
            w(2, 2, 2, 2).constant()));
    cases.add(
        OpCase.of(
            "conv2d",
            "of data",
            t -> t[0].conv2d(t[1], null, DEFAULT),
            x(1, 2, 4, 3).constant(),
            w(2, 2, 2, 2)));
  }

  private static void paddings(List<OpCase> cases) {
    cases.add(
        conv(
            "each side its own",
            DEFAULT.padding(Padding.of(1, 0, 2, 3)),
            x(1, 1, 3, 3),
            w(2, 1, 2, 3)));
    cases.add(
        conv(
            "each side its own, stride 2",
            DEFAULT.padding(Padding.of(0, 2, 3, 1)).stride(2),
            x(1, 1, 4, 4),
            w(2, 1, 3, 3)));
    cases.add(conv("same", DEFAULT.padding(Padding.same()), x(1, 1, 4, 3), w(2, 1, 3, 3)));
    cases.add(conv("same, even", DEFAULT.padding(Padding.same()), x(1, 1, 4, 3), w(2, 1, 2, 4)));
    cases.add(
        conv(
            "same, dilation 2",
            DEFAULT.padding(Padding.same()).dilation(2),
            x(1, 1, 4, 3),
            w(1, 1, 2, 3)));
    cases.add(conv("valid", DEFAULT.padding(Padding.valid()), x(1, 1, 4, 3), w(2, 1, 2, 3)));
    cases.add(conv("full", DEFAULT.padding(Padding.full()), x(1, 1, 3, 2), w(2, 1, 2, 3)));
    for (PaddingMode mode : PaddingMode.values()) {
      cases.add(
          conv(
              "mode " + mode,
              DEFAULT.padding(Padding.of(1, 2, 2, 0)).mode(mode),
              x(1, 2, 3, 4),
              w(2, 2, 2, 2)));
    }
  }

  /** The backward ops by themselves, since their own gradients are conv2d and each other. */
  private static void backwards(List<OpCase> cases) {
    backward("", DEFAULT, Shape.of(2, 2, 4, 3), Shape.of(3, 2, 2, 2), cases);
    backward(
        "stride 2, padding 1, groups 2",
        DEFAULT.stride(2).padding(1).groups(2),
        Shape.of(1, 2, 5, 4),
        Shape.of(2, 1, 3, 3),
        cases);
  }

  private static void backward(
      String variant, Conv2dOptions o, Shape x, Shape w, List<OpCase> cases) {
    Shape y = plan(o, x, w, DType.F32).yShape();
    cases.add(
        OpCase.of(
            "conv2d_backward_input",
            variant,
            t -> Conv.backwardInput(plan(o, x, w, t[0].dtype()), t[0], t[1]),
            Input.real(y.sizes()),
            Input.real(w.sizes())));
    cases.add(
        OpCase.of(
            "conv2d_backward_weight",
            variant,
            t -> Conv.backwardWeight(plan(o, x, w, t[0].dtype()), t[0], t[1]),
            Input.real(x.sizes()),
            Input.real(y.sizes())));
  }

  private static Conv2dPlan plan(Conv2dOptions o, Shape x, Shape w, DType dtype) {
    return Conv2dPlan.check("conv2d", dtype, x, dtype, w, null, o);
  }

  /** Integers, whose sums are exact, at sizes that leave every tile and vector a remainder. */
  private static void exact(List<OpCase> cases) {
    cases.add(whole("3x3", DEFAULT.padding(1), Shape.of(2, 5, 13, 11), Shape.of(7, 5, 3, 3)));
    cases.add(
        whole(
            "5x5 stride 2",
            DEFAULT.padding(2).stride(2),
            Shape.of(2, 3, 17, 14),
            Shape.of(9, 3, 5, 5)));
    cases.add(
        whole(
            "11x11 stride 4",
            DEFAULT.padding(2).stride(4),
            Shape.of(1, 3, 27, 31),
            Shape.of(6, 3, 11, 11)));
    cases.add(whole("1x1", DEFAULT, Shape.of(2, 19, 7, 9), Shape.of(17, 19, 1, 1)));
    cases.add(
        whole(
            "groups 3", DEFAULT.padding(1).groups(3), Shape.of(2, 9, 8, 9), Shape.of(12, 3, 3, 3)));
    cases.add(
        whole(
            "depthwise",
            DEFAULT.padding(1).groups(10),
            Shape.of(2, 10, 12, 13),
            Shape.of(10, 1, 3, 3)));
    cases.add(
        whole(
            "dilated",
            DEFAULT.padding(4, 2).stride(2, 1).dilation(3, 1),
            Shape.of(2, 4, 17, 20),
            Shape.of(5, 4, 3, 5)));
    cases.add(whole("many", DEFAULT.padding(1), Shape.of(9, 8, 14, 15), Shape.of(12, 8, 3, 3)));
    cases.add(whole("large image", DEFAULT, Shape.of(1, 3, 60, 61), Shape.of(8, 3, 5, 5)));
  }

  private static OpCase whole(String size, Conv2dOptions o, Shape x, Shape w) {
    return conv("whole " + size, o, Input.whole(x.sizes()), Input.whole(w.sizes()))
        .exact()
        .asLarge();
  }

  private static OpCase conv(String variant, Conv2dOptions o, Input x, Input w) {
    return OpCase.of(
            "conv2d",
            variant,
            t -> t[0].conv2d(t[1], t[2], o),
            x,
            w,
            Input.whole(w.shape().size(0)))
        .sums(64);
  }

  private static Input x(long... shape) {
    return Input.real(shape);
  }

  private static Input w(long... shape) {
    return Input.real(shape);
  }
}
