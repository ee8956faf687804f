package dev.crema.cpu.conv.winograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A matrix times a vector as a program without loops: zeros cost nothing, ones no multiplication,
 * and a pair ±p of interpolation points shares its even and its odd part. Values are numbered: the
 * inputs first, then each operation's result.
 */
final class StraightLine {
  /** One operation. */
  sealed interface Op {
    /** a + b. */
    record Add(int a, int b) implements Op {}

    /** a − b. */
    record Sub(int a, int b) implements Op {}

    /** c·a. */
    record Mul(int a, Rational c) implements Op {}

    /** c·a + b. */
    record Fma(int a, Rational c, int b) implements Op {}
  }

  /** A multiple of a value. */
  private record Term(int value, Rational c) {}

  private final int inputs;
  private final List<Op> ops = new ArrayList<>();
  private final int[] outputs;

  StraightLine(Matrix matrix) {
    this.inputs = matrix.columns();
    this.outputs = new int[matrix.rows()];
    Arrays.fill(outputs, -1);
    for (int i = 0; i < outputs.length; i++) {
      for (int j = i + 1; j < outputs.length && outputs[i] < 0; j++) {
        if (outputs[j] < 0 && isPair(matrix, i, j)) {
          rowPair(matrix, i, j);
        }
      }
    }
    boolean noPairs = Arrays.stream(outputs).allMatch(v -> v < 0);
    List<int[]> columns = noPairs ? columnPairs(matrix.transposed()) : List.of();
    for (int i = 0; i < outputs.length; i++) {
      if (outputs[i] < 0) {
        outputs[i] = sum(terms(matrix, i, columns));
      }
    }
  }

  int inputs() {
    return inputs;
  }

  List<Op> ops() {
    return ops;
  }

  /** The values that are the result. */
  int[] outputs() {
    return outputs;
  }

  /** Whether two rows agree but for the signs of some columns. */
  private static boolean isPair(Matrix matrix, int i, int j) {
    boolean even = false;
    boolean odd = false;
    for (int k = 0; k < matrix.columns(); k++) {
      Rational a = matrix.at(i, k);
      if (!a.isZero() || !matrix.at(j, k).isZero()) {
        boolean same = a.equals(matrix.at(j, k));
        if (!same && !a.equals(matrix.at(j, k).negate())) {
          return false;
        }
        even |= same;
        odd |= !same;
      }
    }
    return even && odd;
  }

  /** Two rows as the sum and the difference of what they share. */
  private void rowPair(Matrix matrix, int i, int j) {
    List<Term> even = new ArrayList<>();
    List<Term> odd = new ArrayList<>();
    for (int k = 0; k < matrix.columns(); k++) {
      Rational c = matrix.at(i, k);
      if (!c.isZero()) {
        (c.equals(matrix.at(j, k)) ? even : odd).add(new Term(k, c));
      }
    }
    int e = sum(even);
    int o = sum(odd);
    outputs[i] = add(new Op.Add(e, o));
    outputs[j] = add(new Op.Sub(e, o));
  }

  /** Pairs of columns, each with the numbers of its sum and its difference. */
  private List<int[]> columnPairs(Matrix transposed) {
    List<int[]> pairs = new ArrayList<>();
    boolean[] taken = new boolean[transposed.rows()];
    for (int i = 0; i < taken.length; i++) {
      for (int j = i + 1; j < taken.length && !taken[i]; j++) {
        if (!taken[j] && isPair(transposed, i, j)) {
          taken[i] = true;
          taken[j] = true;
          pairs.add(new int[] {i, j, add(new Op.Add(i, j)), add(new Op.Sub(i, j))});
        }
      }
    }
    return pairs;
  }

  private static List<Term> terms(Matrix matrix, int row, List<int[]> pairs) {
    List<Term> terms = new ArrayList<>();
    boolean[] done = new boolean[matrix.columns()];
    for (int[] pair : pairs) {
      Rational c = matrix.at(row, pair[0]);
      done[pair[0]] = true;
      done[pair[1]] = true;
      if (!c.isZero()) {
        terms.add(new Term(c.equals(matrix.at(row, pair[1])) ? pair[2] : pair[3], c));
      }
    }
    for (int k = 0; k < done.length; k++) {
      if (!done[k] && !matrix.at(row, k).isZero()) {
        terms.add(new Term(k, matrix.at(row, k)));
      }
    }
    return terms;
  }

  /** Starts from a term that needs no multiplication, if there is one. */
  private int sum(List<Term> terms) {
    Term first =
        terms.stream().filter(t -> t.c.equals(Rational.ONE)).findFirst().orElse(terms.getFirst());
    int sum = first.c.equals(Rational.ONE) ? first.value : add(new Op.Mul(first.value, first.c));
    for (Term t : terms) {
      if (t != first) {
        if (t.c.equals(Rational.ONE)) {
          sum = add(new Op.Add(sum, t.value));
        } else if (t.c.equals(Rational.ONE.negate())) {
          sum = add(new Op.Sub(sum, t.value));
        } else {
          sum = add(new Op.Fma(t.value, t.c, sum));
        }
      }
    }
    return sum;
  }

  private int add(Op op) {
    ops.add(op);
    return inputs + ops.size() - 1;
  }
}
