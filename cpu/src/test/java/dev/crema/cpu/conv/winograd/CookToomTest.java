package dev.crema.cpu.conv.winograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.crema.cpu.simd.Lanes;
import dev.crema.cpu.simd.Simd;
import dev.crema.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The matrices and the programs made of them, in exact arithmetic. */
class CookToomTest {
  record Choice(int m, int r, Points points) {}

  static Stream<Choice> choices() {
    return Stream.of(
            Points.DEFAULT,
            Points.HALVES,
            Points.INTEGERS,
            Points.of("0", "1", "-1", "1/2", "-3", "5/7", "-2/3", "9", "-9"))
        .flatMap(
            points ->
                Stream.of(
                    new Choice(2, 3, points),
                    new Choice(4, 3, points),
                    new Choice(5, 3, points),
                    new Choice(6, 3, points),
                    new Choice(2, 5, points),
                    new Choice(4, 5, points),
                    new Choice(3, 2, points),
                    new Choice(1, 3, points),
                    new Choice(3, 1, points)));
  }

  /** Σ over ξ of at[i][ξ]·g[ξ][k]·bt[ξ][j] is 1 where j = i + k, and 0 elsewhere. */
  @ParameterizedTest
  @MethodSource("choices")
  void aCorrelationIsWhatComesOut(Choice choice) {
    CookToom f = new CookToom(choice.m, choice.r, choice.points);
    for (int i = 0; i < f.m; i++) {
      for (int k = 0; k < f.r; k++) {
        for (int j = 0; j < f.alpha; j++) {
          Rational sum = Rational.ZERO;
          for (int xi = 0; xi < f.alpha; xi++) {
            sum = sum.plus(f.at.at(i, xi).times(f.g.at(xi, k)).times(f.bt.at(xi, j)));
          }
          assertThat(sum).isEqualTo(j == i + k ? Rational.ONE : Rational.ZERO);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("choices")
  void aProgramComputesItsMatrix(Choice choice) {
    CookToom f = new CookToom(choice.m, choice.r, choice.points);
    for (Matrix matrix :
        List.of(f.at, f.g, f.bt, f.at.transposed(), f.g.transposed(), f.bt.transposed())) {
      StraightLine program = new StraightLine(matrix);
      for (int k = 0; k < matrix.columns(); k++) {
        List<Rational> column = run(program, k);
        for (int i = 0; i < matrix.rows(); i++) {
          assertThat(column.get(i)).isEqualTo(matrix.at(i, k));
        }
      }
    }
  }

  /** What comes of the unit vector k. */
  private static List<Rational> run(StraightLine program, int k) {
    List<Rational> v = new ArrayList<>();
    for (int i = 0; i < program.inputs(); i++) {
      v.add(i == k ? Rational.ONE : Rational.ZERO);
    }
    for (StraightLine.Op op : program.ops()) {
      v.add(
          switch (op) {
            case StraightLine.Op.Add(int a, int b) -> v.get(a).plus(v.get(b));
            case StraightLine.Op.Sub(int a, int b) -> v.get(a).minus(v.get(b));
            case StraightLine.Op.Mul(int a, Rational c) -> v.get(a).times(c);
            case StraightLine.Op.Fma(int a, Rational c, int b) -> v.get(a).times(c).plus(v.get(b));
          });
    }
    return Arrays.stream(program.outputs()).mapToObj(v::get).toList();
  }

  @Test
  void aPairOfPointsSharesItsArithmetic() {
    // A product with Bᵀ of F(4, 3) coefficient by coefficient takes 22.
    int ops = new StraightLine(new CookToom(4, 3, Points.DEFAULT).bt).ops().size();
    assertThat(ops).isLessThanOrEqualTo(13);
  }

  @Test
  void pointsAreDistinctAndEnough() {
    assertThatThrownBy(() -> Points.of("1/2", "1", "2/4"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1/2, 1, 2/4");
    assertThatThrownBy(() -> new CookToom(4, 3, Points.of("0", "1", "-1", "2")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Winograd points: expected at least 5, got 0, 1, -1, 2");
  }

  @ParameterizedTest
  @MethodSource("choices")
  void generatedCodeIsThePlainLoopsUpToRounding(Choice choice) {
    assumeTrue(Simd.VECTOR, "scalar mode has no generated code");
    CookToom f = new CookToom(choice.m, choice.r, choice.points);
    int lanes = Lanes.D_LENGTH;
    for (Matrix matrix : List.of(f.at, f.g, f.bt)) {
      LinearMap generated = LinearMapGenerator.map(matrix, DType.F64, lanes);
      assertThat(generated).isNotInstanceOf(DoubleLinearMap.class);
      int p = matrix.columns();
      int q = matrix.rows();
      double[] x = new Random(5).doubles(6L * p * lanes, -1, 1).toArray();
      double[] y = new double[6 * q * lanes];
      double[] expected = new double[y.length];
      // Two by three vectors; those of one x lie side by side, those of one y as far apart as all.
      int xRow = 3 * p * lanes;
      generated.run(x, 0, lanes, xRow, p * lanes, y, 0, 6 * lanes, 3 * lanes, lanes, 2, 3);
      LinearMapGenerator.plain(matrix, DType.F64, lanes)
          .run(x, 0, lanes, xRow, p * lanes, expected, 0, 6 * lanes, 3 * lanes, lanes, 2, 3);
      assertThat(y).containsExactly(expected, offset(1e-9));
      assertThat(y).doesNotContain(0);
    }
  }
}
