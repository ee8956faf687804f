package dev.crema.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.backend.Conv2dPlan;
import dev.crema.tensor.Conv2dOptions;
import dev.crema.tensor.DType;
import dev.crema.tensor.Padding;
import dev.crema.tensor.Pool2dOptions;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Numbers and shapes that the courses print. */
class CourseOutputsTest {
  private static final float[] SOBEL = {-1, 0, 1, -2, 0, 2, -1, 0, 1};

  private static Tensor image(int size) {
    return Tensor.arange(size * size).add(1).to(DType.F32).reshape(1, 1, size, size);
  }

  private static Tensor kernel(float... values) {
    return Tensor.copyOf(values, 1, 1, 3, 3);
  }

  private static Tensor conv2d(Tensor image, Tensor kernel, Conv2dOptions options) {
    return image.conv2d(kernel, null, options);
  }

  /**
   * Course 001 prints −8 everywhere for the image 1..25: the convolution proper, whose kernel is
   * turned by half a circle. Its loop, like conv2d, does not turn it and gives 8.
   */
  @Test
  void sobelOnARamp() {
    Tensor turned = kernel(1, 0, -1, 2, 0, -2, 1, 0, -1);
    Tensor convolved = conv2d(image(5), turned, Conv2dOptions.DEFAULT);
    assertThat(convolved.toFloatArray()).hasSize(9).containsOnly(-8);
    Tensor correlated = conv2d(image(5), kernel(SOBEL), Conv2dOptions.DEFAULT);
    assertThat(correlated.toFloatArray()).hasSize(9).containsOnly(8);
  }

  /** Course 002. */
  @Test
  void verticalEdges() {
    Tensor image =
        Tensor.copyOf(
            new float[] {
              1, 2, 3, 4, 5,
              4, 5, 6, 7, 8,
              7, 8, 9, 0, 1,
              2, 3, 4, 5, 6,
              5, 6, 7, 8, 9
            },
            1,
            1,
            5,
            5);
    Tensor edges = conv2d(image, kernel(1, 0, -1, 1, 0, -1, 1, 0, -1), Conv2dOptions.DEFAULT);
    assertThat(edges.squeeze(0).squeeze(0))
        .hasToString(
            """
            tensor([[-6.,  4.,  4.],
                    [-6.,  4.,  4.],
                    [-6.,  4.,  4.]])\
            """);
  }

  /** Course 004. */
  @Test
  void sobelOnFourByFour() {
    Tensor edges = conv2d(image(4), kernel(SOBEL), Conv2dOptions.DEFAULT);
    assertThat(edges.shape()).isEqualTo(Shape.of(1, 1, 2, 2));
    assertThat(edges.toFloatArray()).containsOnly(8);
  }

  /** Course 003: PyTorch's three examples for Conv2d on (20, 16, 50, 100). */
  @Test
  void outputSizesOfPyTorchsExamples() {
    var o = Conv2dOptions.DEFAULT;
    assertThat(outputSize(3, 3, o.stride(2))).isEqualTo(Shape.of(20, 33, 24, 49));
    assertThat(outputSize(3, 5, o.stride(2, 1).padding(4, 2))).isEqualTo(Shape.of(20, 33, 28, 100));
    assertThat(outputSize(3, 5, o.stride(2, 1).padding(4, 2).dilation(3, 1)))
        .isEqualTo(Shape.of(20, 33, 26, 100));
  }

  private static Shape outputSize(int kh, int kw, Conv2dOptions o) {
    Shape x = Shape.of(20, 16, 50, 100);
    Shape w = Shape.of(33, 16, kh, kw);
    return Conv2dPlan.check("conv2d", DType.F32, x, DType.F32, w, Shape.of(33), o).yShape();
  }

  /** Course 003: the identity kernel; course 000: the three paddings. */
  @Test
  void paddings() {
    Tensor image = image(6);
    Tensor identity = kernel(0, 0, 0, 0, 1, 0, 0, 0, 0);
    var o = Conv2dOptions.DEFAULT;
    assertThat(conv2d(image, identity, o.padding(Padding.same())).toFloatArray())
        .isEqualTo(image.toFloatArray());
    assertThat(conv2d(image, identity, o.padding(Padding.valid())).shape())
        .isEqualTo(Shape.of(1, 1, 4, 4));
    assertThat(conv2d(image, identity, o.padding(Padding.full())).shape())
        .isEqualTo(Shape.of(1, 1, 6 + 3 - 1, 6 + 3 - 1));
  }

  /** Course 003: sharpening adds to one, so a flat image stays as it is. */
  @Test
  void sharpening() {
    Tensor sharp = kernel(-1, -1, -1, -1, 9, -1, -1, -1, -1);
    Tensor flat = Tensor.ones(1, 1, 5, 5).mul(7);
    assertThat(conv2d(flat, sharp, Conv2dOptions.DEFAULT).toFloatArray()).containsOnly(7);
  }

  /** Course 000: pooling by 2 halves height and width. */
  @Test
  void pooling() {
    assertThat(image(4).maxPool2d(Pool2dOptions.kernel(2)).toFloatArray())
        .containsExactly(6, 8, 14, 16);
    assertThat(image(4).avgPool2d(Pool2dOptions.kernel(2)).toFloatArray())
        .containsExactly(3.5f, 5.5f, 11.5f, 13.5f);
  }
}
