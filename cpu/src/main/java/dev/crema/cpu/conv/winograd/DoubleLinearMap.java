package dev.crema.cpu.conv.winograd;

/**
 * {@link LinearMap} of f64 in plain Java: what the generated code must compute, up to rounding, and
 * what runs where there is none.
 */
final class DoubleLinearMap implements LinearMap {
  private final int rows;
  private final int columns;
  private final int lanes;
  private final double[] matrix;

  /**
   * @param lanes the length of a vector
   */
  DoubleLinearMap(Matrix matrix, int lanes) {
    this.rows = matrix.rows();
    this.columns = matrix.columns();
    this.lanes = lanes;
    this.matrix = new double[rows * columns];
    for (int i = 0; i < this.matrix.length; i++) {
      this.matrix[i] = matrix.at(i / columns, i % columns).toDouble();
    }
  }

  @Override
  public void run(
      Object x,
      int xo,
      int xs,
      int xOuter,
      int xInner,
      Object y,
      int yo,
      int ys,
      int yOuter,
      int yInner,
      int outer,
      int inner) {
    double[] from = (double[]) x;
    double[] to = (double[]) y;
    for (int i = 0; i < outer; i++) {
      for (int j = 0; j < inner; j++) {
        for (int lane = 0; lane < lanes; lane++) {
          int at = xo + i * xOuter + j * xInner + lane;
          step(from, at, xs, to, yo + i * yOuter + j * yInner + lane, ys);
        }
      }
    }
  }

  private void step(double[] x, int xo, int xs, double[] y, int yo, int ys) {
    for (int row = 0; row < rows; row++) {
      double sum = 0.0;
      for (int k = 0; k < columns; k++) {
        sum += matrix[row * columns + k] * x[xo + k * xs];
      }
      y[yo + row * ys] = sum;
    }
  }
}
