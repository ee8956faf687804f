package dev.crema.nn.data;

import java.util.List;
import java.util.stream.Stream;

/**
 * How the ten digits are written: for each, several variants; for each variant, the points that the
 * pen passes, on a grid of 100 x 100 with y downwards. A slash lifts the pen; the pen turns sharply
 * at a point marked with an exclamation mark and moves smoothly through the others.
 */
final class StrokeModels {
  /** The control points from pen down to pen up, and at which of them the pen turns sharply. */
  record Stroke(double[] x, double[] y, boolean[] sharp) {
    int points() {
      return x.length;
    }
  }

  private static final String[][] TEXT = {
    {
      "50,0 24,10 12,50 24,90 50,100 76,90 88,50 76,10 48,1 36,8",
      "64,6 34,4 14,36 18,80 46,100 78,84 88,44 70,8 52,2",
      "72,10 52,0 24,20 14,62 32,98 62,92 84,56 80,18 66,6",
      "40,4 18,30 16,72 40,99 70,94 86,60 82,22 60,2 34,8 28,18",
    },
    {
      "50,0 50,100",
      "56,0 52,50 46,100",
      "30,22 53,0! 52,100",
      "30,20 52,0! 51,100! / 28,100 76,99",
      "64,0 38,100",
    },
    {
      "14,26 30,4 62,2 80,22 68,52 38,80 12,98! 50,95 90,98",
      "16,22 40,1 74,10 76,38 50,72 22,94 10,88 22,76 50,88 92,96",
      "20,14 54,0 80,20 66,50 12,97! 48,90 88,98",
      "18,30 34,6 66,4 76,26 56,58 20,88 14,97 30,92 60,90 90,78",
      "12,16 60,2 78,20 62,56 22,99! 88,99",
    },
    {
      "16,14 44,0 74,12 70,36 40,47! 74,52 86,76 56,99 14,88",
      "16,4 80,4! 42,42! 76,50 84,78 56,99 14,90",
      "18,16 48,0 76,16 64,40 42,48 38,43 50,43 80,58 80,86 48,100 14,90",
      "22,8 60,0 80,20 58,42 40,46! 66,48 80,70 62,94 18,98",
    },
    {
      "22,4 12,54! 86,56 / 66,14 62,100",
      "66,0 8,62! 92,60 / 66,2 64,100",
      "24,2 14,40 28,56 60,54 76,46 / 76,4 70,50 64,100",
      "70,100 72,2! 10,62! 94,64",
      "28,4 20,46 40,58 74,44! / 78,2 74,50 70,100",
    },
    {
      "78,3 28,4! 22,44! 50,36 82,54 80,84 48,100 12,90",
      "28,4 22,44! 54,38 82,58 76,90 44,100 14,90 / 28,4 84,1",
      "82,2 42,4 26,18 28,40 62,50 82,72 60,98 14,92",
      "34,6 26,46! 60,44 76,66 62,94 20,98 / 34,6 62,8 86,2",
    },
    {
      "74,4 42,22 18,60 24,92 54,100 80,82 72,58 46,54 20,74",
      "48,0 24,42 16,80 42,100 74,90 74,66 48,56 20,80",
      "62,0 28,34 16,74 36,99 66,94 76,72 54,58 28,72 24,84",
      "40,2 22,50 22,88 52,100 80,86 74,62 48,60 24,82",
    },
    {
      "12,6 86,4! 60,46 44,100",
      "12,8 86,4! 42,100 / 28,52 74,48",
      "14,22 16,6! 86,4! 58,50 46,100",
      "10,14 40,4 84,8! 64,44 50,100",
      "14,4 50,8 84,2! 66,30 40,100 / 34,46 76,48",
    },
    {
      "76,16 50,0 24,16 36,40 66,58 80,80 52,100 22,82 34,58 66,40 78,20 68,6",
      "52,0 28,20 50,46 74,24 52,1 / 50,46 18,74 48,100 82,76 52,47",
      "50,46 26,24 46,0 74,14 64,38 34,60 20,84 48,100 78,82 64,58 46,46",
      "80,8 48,2 28,20 46,44 74,68 66,96 34,98 22,76 46,50 78,24 82,10",
    },
    {
      "76,24 52,2 22,18 24,46 54,52 76,28! 72,66 70,100",
      "78,28 56,2 24,14 22,44 52,54 76,30! 76,68 54,98 24,92",
      "80,10 46,2 22,26 38,50 70,38 80,12! 68,60 58,100",
      "72,18 46,2 20,20 30,48 60,44 74,20! 70,100",
      "74,30 66,4 36,2 18,30 38,52 70,36 80,8! 74,56 66,100",
    },
  };

  private static final List<List<List<Stroke>>> DIGITS =
      Stream.of(TEXT)
          .map(variants -> Stream.of(variants).map(StrokeModels::parse).toList())
          .toList();

  private StrokeModels() {}

  /** The variants of a digit, each a list of strokes. */
  static List<List<Stroke>> of(int digit) {
    return DIGITS.get(digit);
  }

  private static List<Stroke> parse(String variant) {
    return Stream.of(variant.split(" / ")).map(StrokeModels::parseStroke).toList();
  }

  private static Stroke parseStroke(String text) {
    String[] tokens = text.split(" ");
    var stroke =
        new Stroke(
            new double[tokens.length], new double[tokens.length], new boolean[tokens.length]);
    for (int i = 0; i < tokens.length; i++) {
      stroke.sharp[i] = tokens[i].endsWith("!");
      String[] xy = tokens[i].replace("!", "").split(",");
      stroke.x[i] = Double.parseDouble(xy[0]);
      stroke.y[i] = Double.parseDouble(xy[1]);
    }
    return stroke;
  }
}
