package dev.crema.tck;

import static dev.crema.tck.ErrorCase.zeros;
import static dev.crema.tensor.Conv2dOptions.DEFAULT;
import static dev.crema.tensor.DType.F32;
import static dev.crema.tensor.DType.F64;
import static dev.crema.tensor.DType.I32;
import static dev.crema.tensor.DType.U8;
import static dev.crema.tensor.Pool2dOptions.kernel;

import dev.crema.backend.Conv2dPlan;
import dev.crema.op.Conv;
import dev.crema.tensor.DTypeException;
import dev.crema.tensor.DeviceException;
import dev.crema.tensor.Padding;
import dev.crema.tensor.PaddingMode;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import java.util.List;

/** What convolution, pooling and padding refuse. */
final class WindowErrors {
  private WindowErrors() {}

  static List<ErrorCase> all() {
    return List.of(
        new ErrorCase(
            "conv2d, rank",
            ShapeException.class,
            "conv2d: expected input [n, ic, ih, iw] and weight [oc, ic/groups, kh, kw], got input"
                + " [3, 8] and weight [4, 3, 3, 3]. Hint: a grey image is [1, ih, iw]: unsqueeze(0)"
                + " makes one of [ih, iw], unsqueeze(1) a batch of [n, ih, iw]",
            d -> zeros(d, F32, 3, 8).conv2d(zeros(d, F32, 4, 3, 3, 3), null, DEFAULT)),
        new ErrorCase(
            "conv2d, a kernel wider than an int",
            ShapeException.class,
            "conv2d: expected at most 2^31 - 1 elements, got 4294967294 in [1, 1, 3, 3]. Hint: go"
                + " through it in slices",
            d ->
                zeros(d, F32, 1, 1, 8, 8)
                    .conv2d(
                        zeros(d, F32, 1, 1, 3, 3),
                        null,
                        DEFAULT.dilation(Integer.MAX_VALUE).padding(Padding.full()))),
        new ErrorCase(
            "conv2d, channels",
            ShapeException.class,
            "conv2d: input [1, 3, 8, 8] and weight [4, 2, 3, 3]: the weight wants 2 input channels"
                + " (2 x groups 1), the input has 3. Hint: a weight [4, 3, 3, 3] fits this input",
            d -> zeros(d, F32, 1, 3, 8, 8).conv2d(zeros(d, F32, 4, 2, 3, 3), null, DEFAULT)),
        new ErrorCase(
            "conv2d, channels of one image",
            ShapeException.class,
            "conv2d: input [3, 8, 8] and weight [4, 2, 3, 3]: the weight wants 2 input channels"
                + " (2 x groups 1), the input has 3. Hint: a weight [4, 3, 3, 3] fits this input",
            d -> zeros(d, F32, 3, 8, 8).conv2d(zeros(d, F32, 4, 2, 3, 3), null, DEFAULT)),
        new ErrorCase(
            "conv2d, channels last",
            ShapeException.class,
            "conv2d: input [1, 8, 8, 3] and weight [4, 3, 3, 3]: the weight wants 3 input channels"
                + " (3 x groups 1), the input has 8. Hint: channels come before rows and columns:"
                + " permute(0, 3, 1, 2)",
            d -> zeros(d, F32, 1, 8, 8, 3).conv2d(zeros(d, F32, 4, 3, 3, 3), null, DEFAULT)),
        new ErrorCase(
            "conv2d, one image, channels last",
            ShapeException.class,
            "conv2d: input [8, 8, 3] and weight [4, 3, 3, 3]: the weight wants 3 input channels (3"
                + " x groups 1), the input has 8. Hint: channels come before rows and columns:"
                + " permute(2, 0, 1)",
            d -> zeros(d, F32, 8, 8, 3).conv2d(zeros(d, F32, 4, 3, 3, 3), null, DEFAULT)),
        new ErrorCase(
            "conv2d, grey batch",
            ShapeException.class,
            "conv2d: input [7, 8, 9] and weight [4, 1, 3, 3]: the weight wants 1 input channel (1 x"
                + " groups 1), the input has 7. Hint: a grey image is [1, ih, iw]: unsqueeze(0)"
                + " makes one of [ih, iw], unsqueeze(1) a batch of [n, ih, iw]",
            d -> zeros(d, F32, 7, 8, 9).conv2d(zeros(d, F32, 4, 1, 3, 3), null, DEFAULT)),
        new ErrorCase(
            "conv2d, channels with a border",
            ShapeException.class,
            "conv2d: input [1, 3, 8, 8] and weight [4, 2, 3, 3]: the weight wants 2 input channels"
                + " (2 x groups 1), the input has 3. Hint: a weight [4, 3, 3, 3] fits this input",
            d ->
                zeros(d, F32, 1, 3, 8, 8)
                    .conv2d(
                        zeros(d, F32, 4, 2, 3, 3),
                        null,
                        DEFAULT.padding(1).mode(PaddingMode.REFLECT))),
        new ErrorCase(
            "conv2d, all faults",
            ShapeException.class,
            "conv2d: input [1, 3, 8, 8] and weight [5, 2, 3, 3]: the weight wants 4 input channels"
                + " (2 x groups 2), the input has 3; 5 output channels do not fall into 2 groups;"
                + " stride and dilation must be at least 1, got stride (0, 0), dilation (1, 1); the"
                + " bias must be [5], got [4]. Hint: 2 groups need a multiple of 2 channels",
            d ->
                zeros(d, F32, 1, 3, 8, 8)
                    .conv2d(
                        zeros(d, F32, 5, 2, 3, 3), zeros(d, F32, 4), DEFAULT.groups(2).stride(0))),
        new ErrorCase(
            "conv2d, nothing left",
            ShapeException.class,
            "conv2d: input [1, 3, 4, 8] and weight [4, 3, 3, 3]: nothing is left: the kernel spans"
                + " 5x5 pixels, the padded input has 4x8. Hint: pad more, or dilate less",
            d ->
                zeros(d, F32, 1, 3, 4, 8)
                    .conv2d(zeros(d, F32, 4, 3, 3, 3), null, DEFAULT.dilation(2))),
        new ErrorCase(
            "conv2d, negative padding",
            ShapeException.class,
            "conv2d: input [1, 3, 8, 8] and weight [4, 3, 3, 3]: padding must not be negative, got"
                + " Explicit[top=-1, bottom=-1, left=-1, right=-1]",
            d ->
                zeros(d, F32, 1, 3, 8, 8)
                    .conv2d(zeros(d, F32, 4, 3, 3, 3), null, DEFAULT.padding(-1))),
        new ErrorCase(
            "conv2d, same with stride",
            ShapeException.class,
            "conv2d: padding 'same' needs stride 1, got (2, 2). Hint: give the padding in pixels",
            d ->
                zeros(d, F32, 1, 3, 8, 8)
                    .conv2d(
                        zeros(d, F32, 4, 3, 3, 3),
                        null,
                        DEFAULT.stride(2).padding(Padding.same()))),
        new ErrorCase(
            "conv2d, groups 0",
            ShapeException.class,
            "conv2d: input [1, 3, 8, 8] and weight [4, 3, 3, 3]: groups must be at least 1, got 0",
            d ->
                zeros(d, F32, 1, 3, 8, 8)
                    .conv2d(zeros(d, F32, 4, 3, 3, 3), null, DEFAULT.groups(0))),
        new ErrorCase(
            "conv2d, dtypes",
            DTypeException.class,
            "conv2d: expected input and weight both f32 or both f64, got f32 [1, 3, 8, 8] and f64"
                + " [4, 3, 3, 3]. Hint: convert with to(DType)",
            d -> zeros(d, F32, 1, 3, 8, 8).conv2d(zeros(d, F64, 4, 3, 3, 3), null, DEFAULT)),
        new ErrorCase(
            "conv2d of integers",
            DTypeException.class,
            "conv2d: expected input and weight both f32 or both f64, got u8 [1, 3, 8, 8] and u8 [4,"
                + " 3, 3, 3]. Hint: convert with to(DType)",
            d -> zeros(d, U8, 1, 3, 8, 8).conv2d(zeros(d, U8, 4, 3, 3, 3), null, DEFAULT)),
        new ErrorCase(
            "conv2d, bias dtype",
            DTypeException.class,
            "conv2d: expected one dtype, got f32 [1, 3, 8, 8] and f64 [4]. Hint: convert one with"
                + " to(DType)",
            d ->
                zeros(d, F32, 1, 3, 8, 8)
                    .conv2d(zeros(d, F32, 4, 3, 3, 3), zeros(d, F64, 4), DEFAULT)),
        new ErrorCase(
            "conv2d, devices",
            DeviceException.class,
            "conv2d: expected one device, got {device} and {other}. Hint: move one with to(Device)",
            d ->
                zeros(d, F32, 1, 3, 8, 8)
                    .conv2d(zeros(ErrorCase.other(d), F32, 4, 3, 3, 3), null, DEFAULT)),
        new ErrorCase(
            "conv2d, reflect too far",
            ShapeException.class,
            "pad: mode reflect takes at most 1 on dimension -2 of shape [1, 3, 2, 8], got 2 and 2",
            d ->
                zeros(d, F32, 1, 3, 2, 8)
                    .conv2d(
                        zeros(d, F32, 4, 3, 3, 3),
                        null,
                        DEFAULT.padding(2).mode(PaddingMode.REFLECT))),
        new ErrorCase(
            "conv2d_backward_input, gradient",
            ShapeException.class,
            "conv2d_backward_input: expected the gradient f32 [1, 4, 6, 6] of the plan, got f32 [1,"
                + " 4, 8, 8]",
            d -> Conv.backwardInput(plan(), zeros(d, F32, 1, 4, 8, 8), zeros(d, F32, 4, 3, 3, 3))),
        new ErrorCase(
            "conv2d_backward_weight, dtype",
            ShapeException.class,
            "conv2d_backward_weight: expected the input f32 [1, 3, 8, 8] of the plan, got f64 [1,"
                + " 3, 8, 8]",
            d -> Conv.backwardWeight(plan(), zeros(d, F64, 1, 3, 8, 8), zeros(d, F32, 1, 4, 6, 6))),
        new ErrorCase(
            "max_pool2d, rank",
            ShapeException.class,
            "max_pool2d: expected [n, c, ih, iw], or one image [c, ih, iw], got [8, 8]. Hint:"
                + " unsqueeze(0) adds a dimension in front",
            d -> zeros(d, F32, 8, 8).maxPool2d(kernel(2))),
        new ErrorCase(
            "max_pool2d, padding",
            ShapeException.class,
            "max_pool2d: input [1, 3, 8, 8]: padding must be between 0 and half the kernel, got"
                + " padding (2, 2), kernel (2, 2)",
            d -> zeros(d, F32, 1, 3, 8, 8).maxPool2d(kernel(2).padding(2))),
        new ErrorCase(
            "max_pool2d, nothing left",
            ShapeException.class,
            "max_pool2d: input [1, 3, 2, 8]: nothing is left: the window spans 3x3 pixels, the"
                + " padded input has 2x8",
            d -> zeros(d, F32, 1, 3, 2, 8).maxPool2d(kernel(3))),
        new ErrorCase(
            "max_pool2d, nothing left of one image",
            ShapeException.class,
            "max_pool2d: input [3, 2, 8]: nothing is left: the window spans 3x3 pixels, the"
                + " padded input has 2x8",
            d -> zeros(d, F32, 3, 2, 8).maxPool2d(kernel(3))),
        new ErrorCase(
            "max_pool2d, kernel 0",
            ShapeException.class,
            "max_pool2d: input [1, 3, 2, 8]: kernel, stride and dilation must be at least 1, got"
                + " kernel (0, 0), stride (0, 0), dilation (1, 1)",
            d -> zeros(d, F32, 1, 3, 2, 8).maxPool2d(kernel(0))),
        new ErrorCase(
            "max_pool2d, padding alone",
            ShapeException.class,
            "max_pool2d: input [1, 3, 3, 9]: a window lies in the padding alone. Hint: pad less, or"
                + " dilate less",
            d ->
                zeros(d, F32, 1, 3, 3, 9).maxPool2d(kernel(2).padding(1).dilation(4, 1).stride(1))),
        new ErrorCase(
            "avg_pool2d of integers",
            DTypeException.class,
            "avg_pool2d: expected f32 or f64, got i32 [1, 3, 4, 4]",
            d -> zeros(d, I32, 1, 3, 4, 4).avgPool2d(kernel(2))),
        new ErrorCase(
            "adaptive_avg_pool2d, nothing",
            ShapeException.class,
            "adaptive_avg_pool2d: expected an input and an output of at least 1x1 pixels, got input"
                + " [1, 3, 4, 4] and output 0x2",
            d -> zeros(d, F32, 1, 3, 4, 4).adaptiveAvgPool2d(0, 2)),
        new ErrorCase(
            "pad, rank",
            ShapeException.class,
            "pad: expected [.., h, w] and no negative padding, got [4] and Explicit[top=1,"
                + " bottom=1, left=1, right=1]",
            d -> zeros(d, F32, 4).pad(new Padding.Explicit(1, 1, 1, 1), 0)),
        new ErrorCase(
            "pad, negative",
            ShapeException.class,
            "pad: expected [.., h, w] and no negative padding, got [4, 4] and Explicit[top=1,"
                + " bottom=1, left=-1, right=1]",
            d -> zeros(d, F32, 4, 4).pad(new Padding.Explicit(1, 1, -1, 1), 0)),
        new ErrorCase(
            "pad, circular too far",
            ShapeException.class,
            "pad: mode circular takes at most 4 on dimension -2 of shape [4, 4], got 0 and 5",
            d -> zeros(d, F32, 4, 4).pad(new Padding.Explicit(0, 5, 0, 0), PaddingMode.CIRCULAR)));
  }

  private static Conv2dPlan plan() {
    Shape x = Shape.of(1, 3, 8, 8);
    Shape w = Shape.of(4, 3, 3, 3);
    return Conv2dPlan.check("conv2d", F32, x, F32, w, null, DEFAULT);
  }
}
