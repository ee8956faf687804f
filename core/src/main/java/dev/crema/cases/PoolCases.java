package dev.crema.cases;

import dev.crema.tensor.Pool2dOptions;
import java.util.ArrayList;
import java.util.List;

/** Maximum, average and adaptive pooling. */
final class PoolCases {
  private PoolCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    both("2x2", Pool2dOptions.kernel(2), Input.real(2, 2, 4, 6), cases);
    both("2x2, a row left over", Pool2dOptions.kernel(2), Input.real(1, 2, 5, 5), cases);
    both("3x3 stride 2", Pool2dOptions.kernel(3).stride(2), Input.real(1, 2, 7, 6), cases);
    both(
        "3x2 stride (1, 2)",
        Pool2dOptions.kernel(3, 2).stride(1, 2),
        Input.real(2, 1, 5, 6),
        cases);
    both("padding 1", Pool2dOptions.kernel(3).stride(2).padding(1), Input.real(1, 2, 5, 6), cases);
    both("padding (0, 1)", Pool2dOptions.kernel(2).padding(0, 1), Input.real(1, 1, 4, 5), cases);
    both(
        "ceil mode",
        Pool2dOptions.kernel(3).stride(2).ceilMode(true),
        Input.real(1, 1, 6, 8),
        cases);
    both(
        "ceil mode, padding 1",
        Pool2dOptions.kernel(3).stride(2).padding(1).ceilMode(true),
        Input.real(1, 1, 6, 5),
        cases);
    both(
        "ceil mode, stride over kernel",
        Pool2dOptions.kernel(2).stride(3).ceilMode(true),
        Input.real(1, 1, 6, 7),
        cases);
    both(
        "dilation (2, 1)",
        Pool2dOptions.kernel(2).stride(1).dilation(2, 1),
        Input.real(1, 1, 5, 4),
        cases);
    both(
        "dilation 2, padding 1",
        Pool2dOptions.kernel(3).stride(1).dilation(2).padding(1),
        Input.real(1, 1, 6, 6),
        cases);
    both("1x1", Pool2dOptions.kernel(1), Input.real(1, 2, 2, 3), cases);
    both("global", Pool2dOptions.kernel(4, 5), Input.real(2, 2, 4, 5), cases);
    both("one pixel", Pool2dOptions.kernel(1), Input.real(3, 2, 1, 1), cases);
    both("no images", Pool2dOptions.kernel(2), Input.real(0, 2, 4, 4), cases);
    both("one image, unbatched", Pool2dOptions.kernel(2), Input.real(2, 4, 4), cases);
    var counted = Pool2dOptions.kernel(3).stride(2).padding(1).countIncludePad(false);
    cases.add(average("padding not counted", counted, Input.real(1, 1, 5, 6)));
    cases.add(
        average("padding not counted, ceil mode", counted.ceilMode(true), Input.real(1, 1, 6, 4)));
    adaptive(cases);
    special(cases);
    large(cases);
    return cases;
  }

  private static void both(String variant, Pool2dOptions o, Input x, List<OpCase> cases) {
    cases.add(maximum(variant, o, x));
    cases.add(average(variant, o, x));
  }

  private static OpCase maximum(String variant, Pool2dOptions o, Input x) {
    return OpCase.of("max_pool2d", variant, t -> t[0].maxPool2d(o), x);
  }

  private static OpCase average(String variant, Pool2dOptions o, Input x) {
    return OpCase.of("avg_pool2d", variant, t -> t[0].avgPool2d(o), x);
  }

  private static void adaptive(List<OpCase> cases) {
    for (int[] size : new int[][] {{1, 1}, {2, 3}, {3, 2}, {5, 7}, {6, 8}}) {
      String variant = size[0] + "x" + size[1];
      Input x = Input.real(1, 2, 5, 7);
      cases.add(
          OpCase.of(
              "adaptive_avg_pool2d", variant, t -> t[0].adaptiveAvgPool2d(size[0], size[1]), x));
      cases.add(
          OpCase.of(
              "adaptive_max_pool2d", variant, t -> t[0].adaptiveMaxPool2d(size[0], size[1]), x));
    }
    Input image = Input.real(2, 4, 4);
    cases.add(
        OpCase.of("adaptive_avg_pool2d", "unbatched", t -> t[0].adaptiveAvgPool2d(3, 3), image));
    cases.add(
        OpCase.of("adaptive_max_pool2d", "unbatched", t -> t[0].adaptiveMaxPool2d(3, 3), image));
  }

  private static void special(List<OpCase> cases) {
    double[] numbers = {1, Double.NaN, 3, Double.NEGATIVE_INFINITY, 2, 2, 0.0, -0.0, -5};
    Input x = Input.cycle(numbers, 1, 2, 6, 8);
    cases.add(maximum("special", Pool2dOptions.kernel(2), x).exact());
    cases.add(maximum("special 3x3", Pool2dOptions.kernel(3).stride(1).padding(1), x).exact());
    Input least = Input.cycle(new double[] {Double.NEGATIVE_INFINITY}, 1, 1, 4, 4);
    cases.add(maximum("of -infinity", Pool2dOptions.kernel(2), least).exact());
    cases.add(
        maximum("of ties", Pool2dOptions.kernel(3), Input.whole(2, 3, 9, 9)).exact().asLarge());
  }

  private static void large(List<OpCase> cases) {
    Input x = Input.whole(3, 7, 41, 43);
    var sliding = Pool2dOptions.kernel(3).stride(2).padding(1);
    cases.add(maximum("large 2x2", Pool2dOptions.kernel(2), x).exact().asLarge());
    cases.add(maximum("large 3x3", sliding, x).exact().asLarge());
    cases.add(average("large 2x2", Pool2dOptions.kernel(2), x).exact().asLarge());
    cases.add(average("large 3x3", sliding, x).asLarge());
    cases.add(
        OpCase.of("adaptive_avg_pool2d", "large", t -> t[0].adaptiveAvgPool2d(6, 6), x).asLarge());
  }
}
