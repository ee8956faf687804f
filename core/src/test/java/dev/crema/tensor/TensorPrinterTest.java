package dev.crema.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Against what PyTorch prints for the same tensors. */
class TensorPrinterTest {

  @Test
  void wholeNumbersEndInAPoint() {
    assertThat(Tensor.copyOf(new float[] {1, 2, 3})).hasToString("tensor([1., 2., 3.])");
  }

  @Test
  void fractionsHaveFourDigitsAndAlign() {
    assertThat(Tensor.copyOf(new float[] {1.5f, -2.25f, 3, 10}, 2, 2))
        .hasToString(
            """
            tensor([[ 1.5000, -2.2500],
                    [ 3.0000, 10.0000]])\
            """);
  }

  @Test
  void scalars() {
    assertThat(Tensor.scalar(3.5, DType.F32, Device.cpu())).hasToString("tensor(3.5000)");
    assertThat(Tensor.scalar(7, DType.I64, Device.cpu())).hasToString("tensor(7)");
  }

  @Test
  void matricesOfMatricesHaveAnEmptyLineBetween() {
    assertThat(Tensor.arange(8).reshape(2, 2, 2))
        .hasToString(
            """
            tensor([[[0, 1],
                     [2, 3]],

                    [[4, 5],
                     [6, 7]]])\
            """);
  }

  @Test
  void otherDtypesAreNamed() {
    assertThat(Tensor.copyOf(new double[] {0.5})).hasToString("tensor([0.5000], dtype=f64)");
    assertThat(Tensor.copyOf(new int[] {5, -12})).hasToString("tensor([  5, -12], dtype=i32)");
    assertThat(Tensor.copyOf(new byte[] {(byte) 200})).hasToString("tensor([200], dtype=u8)");
    assertThat(Tensor.copyOf(new boolean[] {true, false})).hasToString("tensor([ True, False])");
  }

  @Test
  void emptyTensorsShowTheirShape() {
    assertThat(Tensor.zeros(0)).hasToString("tensor([], size=[0])");
    assertThat(Tensor.zeros(2, 0)).hasToString("tensor([], size=[2, 0])");
  }

  @Test
  void extremesUseExponents() {
    assertThat(Tensor.copyOf(new double[] {1.5e-7, 3}))
        .hasToString("tensor([1.5000e-07, 3.0000e+00], dtype=f64)");
    assertThat(Tensor.copyOf(new float[] {1, 1000})).hasToString("tensor([   1., 1000.])");
    assertThat(Tensor.copyOf(new float[] {1, 2000}))
        .hasToString("tensor([1.0000e+00, 2.0000e+03])");
    assertThat(Tensor.copyOf(new float[] {1.25e10f})).hasToString("tensor([1.2500e+10])");
  }

  @Test
  void whatIsNoNumber() {
    assertThat(Tensor.copyOf(new float[] {Float.NaN, Float.NEGATIVE_INFINITY, 1.5f}))
        .hasToString("tensor([   nan,   -inf, 1.5000])");
  }

  @Test
  void theMiddleOfALargeTensorIsLeftOut() {
    assertThat(Tensor.arange(2000))
        .hasToString("tensor([   0,    1,    2, ..., 1997, 1998, 1999])");
    assertThat(Tensor.arange(1002).reshape(501, 2))
        .hasToString(
            """
            tensor([[   0,    1],
                    [   2,    3],
                    [   4,    5],
                    ...,
                    [ 996,  997],
                    [ 998,  999],
                    [1000, 1001]])\
            """);
  }

  @Test
  void aLeafSaysSo() {
    assertThat(Tensor.ones(1).requiresGrad_()).hasToString("tensor([1.], requires_grad)");
  }

  @Test
  void aViewPrintsWhatItShows() {
    assertThat(Tensor.arange(6).reshape(2, 3).t())
        .hasToString(
            """
            tensor([[0, 3],
                    [1, 4],
                    [2, 5]])\
            """);
  }
}
