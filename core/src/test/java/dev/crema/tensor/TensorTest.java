package dev.crema.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

class TensorTest {

  // ---- creation ----

  @Test
  void arraysBringTheirDtype() {
    assertThat(Tensor.copyOf(new float[] {1}).dtype()).isEqualTo(DType.F32);
    assertThat(Tensor.copyOf(new double[] {1}).dtype()).isEqualTo(DType.F64);
    assertThat(Tensor.copyOf(new int[] {1}).dtype()).isEqualTo(DType.I32);
    assertThat(Tensor.copyOf(new long[] {1}).dtype()).isEqualTo(DType.I64);
    assertThat(Tensor.copyOf(new byte[] {1}).dtype()).isEqualTo(DType.U8);
    assertThat(Tensor.copyOf(new boolean[] {true}).dtype()).isEqualTo(DType.BOOL);
  }

  @Test
  void aCopyIsIndependentAndAWrapIsNot() {
    float[] data = {1, 2, 3, 4};
    Tensor copy = Tensor.copyOf(data, 2, 2);
    Tensor wrap = Tensor.wrap(data, 2, 2);
    data[0] = 9;
    assertThat(copy.toFloatArray()).containsExactly(1, 2, 3, 4);
    assertThat(wrap.toFloatArray()).containsExactly(9, 2, 3, 4);
    wrap.mul_(2);
    assertThat(data).containsExactly(18, 4, 6, 8);
  }

  @Test
  void theShapeMustFitTheArray() {
    assertThatExceptionOfType(ShapeException.class)
        .isThrownBy(() -> Tensor.copyOf(new float[5], 2, 3))
        .withMessage(
            "copyOf: expected an array of 6 elements for shape [2, 3], got 5. Hint: without a shape"
                + " it becomes a vector");
    assertThatExceptionOfType(ShapeException.class)
        .isThrownBy(() -> Tensor.wrap(new double[5], 2, 3))
        .withMessage(
            "wrap: expected an array of 6 elements for shape [2, 3], got 5. Hint: without a shape"
                + " it becomes a vector");
  }

  @Test
  void theArrayMustFitTheDtype() {
    assertThatExceptionOfType(DTypeException.class)
        .isThrownBy(() -> Tensor.copyOf(new int[2], DType.F32, Shape.of(2), Device.cpu()))
        .withMessage("copyOf: expected a float[] for f32, got a int[]");
  }

  @Test
  void boolsAreZeroOrOne() {
    byte[] bytes = {1, 2, 0};
    assertThatExceptionOfType(DTypeException.class)
        .isThrownBy(() -> Tensor.copyOf(bytes, DType.BOOL, Shape.of(3), Device.cpu()))
        .withMessage(
            "copyOf: expected bools of 0 or 1, got 2. Hint: copy them as u8, and compare with"
                + " ne(0)");
    Tensor mask = Tensor.copyOf(bytes, DType.U8, Shape.of(3), Device.cpu()).ne(0);
    assertThat(mask.sum().item()).isEqualTo(2);
  }

  @Test
  void constants() {
    assertThat(Tensor.zeros(2, 3).shape()).isEqualTo(Shape.of(2, 3));
    assertThat(Tensor.ones(2).toFloatArray()).containsExactly(1, 1);
    assertThat(Tensor.arange(4).toLongArray()).containsExactly(0, 1, 2, 3);
    Tensor like = Tensor.onesLike(Tensor.copyOf(new int[] {5, 6}));
    assertThat(like.dtype()).isEqualTo(DType.I32);
    assertThat(like.toIntArray()).containsExactly(1, 1);
    assertThat(Tensor.scalar(2.5, DType.F64, Device.cpu()).rank()).isZero();
  }

  // ---- reading ----

  @Test
  void elementsAreReadInRowMajorOrderWhateverTheLayout() {
    Tensor x = Tensor.copyOf(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    assertThat(x.t().toFloatArray()).containsExactly(1, 4, 2, 5, 3, 6);
    assertThat(x.slice(1, 0, 3, 2).toFloatArray()).containsExactly(1, 3, 4, 6);
    assertThat(x.select(1, -1).expand(2, 2).toFloatArray()).containsExactly(3, 6, 3, 6);
  }

  @Test
  void readingConverts() {
    Tensor x = Tensor.copyOf(new double[] {1.9, -1.9});
    assertThat(x.toIntArray()).containsExactly(1, -1);
    assertThat(x.toLongArray()).containsExactly(1, -1);
    assertThat(x.toFloatArray()).containsExactly(1.9f, -1.9f);
    assertThat((double[]) x.toArray()).containsExactly(1.9, -1.9);
    assertThat(Tensor.copyOf(new byte[] {(byte) 255}).item()).isEqualTo(255);
  }

  @Test
  void readingDoesNotTouchTheGraph() {
    Tensor x = Tensor.ones(2, 2).requiresGrad_();
    assertThat(x.t().toIntArray()).containsExactly(1, 1, 1, 1);
    assertThat(x.sum().item()).isEqualTo(4);
  }

  // ---- views and copies ----

  @Test
  void viewsShareElements() {
    Tensor x = Tensor.zeros(2, 3);
    x.reshape(3, 2).t().select(0, 1).fill_(5);
    assertThat(x.toFloatArray()).containsExactly(0, 5, 0, 5, 0, 5);
  }

  @Test
  void copiesDoNot() {
    Tensor x = Tensor.zeros(2);
    x.copy().fill_(5);
    assertThat(x.toFloatArray()).containsExactly(0, 0);
    assertThat(x.contiguous()).isSameAs(x);
    assertThat(x.to(DType.F32)).isSameAs(x);
    assertThat(x.to(x.device())).isSameAs(x);
  }

  @Test
  void inPlaceOpsChangeTheTensorThroughItsView() {
    Tensor x = Tensor.copyOf(new float[] {1, 2, 3, 4}, 2, 2);
    x.t().add_(Tensor.copyOf(new float[] {10, 20})).mul_(2).sub_(1).div_(3);
    assertThat(x.toFloatArray()).containsExactly(7, 23 / 3f, 15, 47 / 3f);
  }

  @Test
  void inPlaceOpsReadTheirSourceAsItWas() {
    Tensor x = Tensor.copyOf(new float[] {1, 2, 3, 4}, 2, 2);
    x.add_(x.t());
    assertThat(x.toFloatArray()).containsExactly(2, 5, 5, 8);
    x.mul_(x.select(0, 0));
    assertThat(x.toFloatArray()).containsExactly(4, 25, 10, 40);
    x.copy_(x.t());
    assertThat(x.toFloatArray()).containsExactly(4, 10, 25, 40);
  }

  @Test
  void copy_TakesOverConvertedAndBroadcast() {
    Tensor x = Tensor.zeros(2, 2);
    x.copy_(Tensor.copyOf(new long[] {3, 4}));
    assertThat(x.toFloatArray()).containsExactly(3, 4, 3, 4);
  }

  @Test
  void splitAndCatAreInverse() {
    Tensor x = Tensor.arange(10).reshape(2, 5);
    List<Tensor> pieces = x.split(2, 1);
    assertThat(pieces).extracting(p -> p.size(1)).containsExactly(2L, 2L, 1L);
    assertThat(Tensor.cat(pieces, 1).toLongArray()).isEqualTo(x.toLongArray());
  }

  @Test
  void javaNumbersTakeTheTensorsDtype() {
    assertThat(Tensor.copyOf(new int[] {3, 5}).mul(2).toIntArray()).containsExactly(6, 10);
    assertThat(Tensor.copyOf(new int[] {3, 5}).gt(4).dtype()).isEqualTo(DType.BOOL);
  }

  @Test
  void aJavaNumberThatTheDtypeLacksIsRefused() {
    Tensor ints = Tensor.arange(4);
    for (Runnable misuse :
        List.<Runnable>of(
            () -> ints.mul(0.5),
            () -> ints.lt(0.5),
            () -> ints.add_(0.5),
            () -> ints.eq(Double.NaN),
            () -> ints.lt(0x1p63),
            () -> ints.to(DType.I32).lt(0x1p31),
            () -> ints.to(DType.U8).gt(-1),
            () -> ints.to(DType.U8).le(256),
            () -> ints.ne(0).eq(2))) {
      assertThatExceptionOfType(DTypeException.class)
          .isThrownBy(misuse::run)
          .withMessageContaining("expected a number that");
    }
    assertThat(ints.add(-0x1p63).toLongArray()[1]).isEqualTo(Long.MIN_VALUE + 1);
    assertThat(ints.to(DType.I32).add(-0x1p31).toIntArray()[1]).isEqualTo(Integer.MIN_VALUE + 1);
    assertThat(ints.to(DType.U8).lt(255).sum().item()).isEqualTo(4);
    assertThat(ints.ne(0).eq(1).sum().item()).isEqualTo(3);
    assertThat(Tensor.ones(1).mul(1e300).item()).isInfinite();
  }

  // ---- parameters ----

  @Test
  void setDataReplacesALeafsElementsAndDropsItsGradient() {
    Tensor w = Tensor.ones(2).requiresGrad_();
    w.sum().backward();
    w.setData(Tensor.copyOf(new float[] {5, 6}));
    assertThat(w.toFloatArray()).containsExactly(5, 6);
    assertThat(w.grad()).isNull();
    assertThat(w.requiresGrad()).isTrue();
    assertThatExceptionOfType(ShapeException.class)
        .isThrownBy(() -> w.setData(Tensor.ones(3)))
        .withMessage("setData: expected a leaf and data of its shape [2], got [3]");
  }

  @Test
  void setDataMovesALeafToAnotherDevice() {
    Tensor w = Tensor.ones(2).requiresGrad_();
    w.setData(w.detach().to(new Device("reference", 0)));
    assertThat(w.device()).hasToString("reference");
    w.mul(3).sum().backward();
    assertThat(w.toFloatArray()).containsExactly(1, 1);
    Tensor grad = w.grad();
    assertThat(grad).isNotNull();
    assertThat(grad.device()).hasToString("reference");
  }
}
