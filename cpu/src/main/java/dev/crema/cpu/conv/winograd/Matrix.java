package dev.crema.cpu.conv.winograd;

import java.util.stream.IntStream;

/** A small exact matrix. */
final class Matrix {
  private final Rational[][] rows;

  Matrix(Rational[][] rows) {
    this.rows = rows;
  }

  int rows() {
    return rows.length;
  }

  int columns() {
    return rows[0].length;
  }

  Rational at(int row, int column) {
    return rows[row][column];
  }

  Matrix transposed() {
    return new Matrix(
        IntStream.range(0, columns())
            .mapToObj(
                j -> IntStream.range(0, rows()).mapToObj(i -> rows[i][j]).toArray(Rational[]::new))
            .toArray(Rational[][]::new));
  }
}
