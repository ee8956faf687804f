package dev.crema.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.tensor.DType;
import dev.crema.tensor.Pool2dOptions;
import dev.crema.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The windows of pooling, by PyTorch's pooling_output_shape and avg_pool2d, worked out by hand. */
class Pool2dPlanTest {

  @ParameterizedTest(name = "size {0} kernel {1} stride {2} padding {3} dilation {4} ceil {5}")
  @CsvSource({
    // size, k, stride, pad, dilation, ceil, windows, divisors with padding, divisors without
    "5, 2, 2, 0, 1, false, 0-2 2-4, 2 2, 2 2",
    "5, 2, 2, 0, 1, true, 0-2 2-4 4-5, 2 2 1, 2 2 1",
    "3, 2, 2, 0, 1, true, 0-2 2-3, 2 1, 2 1",
    "2, 3, 2, 0, 1, true, 0-2, 2, 2",
    "5, 3, 2, 1, 1, false, 0-2 1-4 3-5, 3 3 3, 2 3 2",
    "6, 3, 2, 1, 1, false, 0-2 1-4 3-6, 3 3 3, 2 3 3",
    "6, 3, 2, 1, 1, true, 0-2 1-4 3-6 5-6, 3 3 3 2, 2 3 3 1",
    "4, 2, 2, 1, 1, true, 0-1 1-3 3-4, 2 2 2, 1 2 1",
    "2, 2, 3, 1, 1, true, 0-1, 2, 1",
    "7, 3, 1, 0, 2, false, 0-5 1-6 2-7, 3 3 3, 3 3 3",
    "1, 1, 4, 0, 1, false, 0-1, 1, 1",
    "9, 2, 4, 0, 1, false, 0-2 4-6, 2 2, 2 2",
    "9, 2, 4, 0, 1, true, 0-2 4-6 8-9, 2 2 1, 2 2 1",
  })
  void windows_are_pytorchs(
      int size,
      int k,
      int stride,
      int pad,
      int dilation,
      boolean ceil,
      String windows,
      String divisorsWithPadding,
      String divisorsWithout) {
    Pool2dOptions options =
        Pool2dOptions.kernel(k).stride(stride).padding(pad).dilation(dilation).ceilMode(ceil);
    Shape image = Shape.of(1, 1, size, size);
    var plan = Pool2dPlan.check("pool", DType.F32, image, options);
    var without = Pool2dPlan.check("pool", DType.F32, image, options.countIncludePad(false));

    assertThat(spans(plan.h())).isEqualTo(windows);
    assertThat(spans(plan.w())).isEqualTo(windows);
    assertThat(divisors(plan.h())).isEqualTo(divisorsWithPadding);
    assertThat(divisors(without.h())).isEqualTo(divisorsWithout);
  }

  @Test
  void adaptive_windows_cover_the_image_and_may_overlap() {
    var plan = Pool2dPlan.adaptive("pool", DType.F32, Shape.of(1, 1, 7, 2), 3, 4);

    assertThat(spans(plan.h())).isEqualTo("0-3 2-5 4-7");
    assertThat(spans(plan.w())).isEqualTo("0-1 0-1 1-2 1-2");
    assertThat(divisors(plan.h())).isEqualTo("3 3 3");
  }

  private static String spans(Pool2dPlan.Windows windows) {
    List<String> spans = new ArrayList<>();
    for (int i = 0; i < windows.count(); i++) {
      spans.add(windows.start(i) + "-" + windows.end(i));
    }
    return String.join(" ", spans);
  }

  private static String divisors(Pool2dPlan.Windows windows) {
    List<String> divisors = new ArrayList<>();
    for (int i = 0; i < windows.count(); i++) {
      divisors.add(Integer.toString(windows.divisor(i)));
    }
    return String.join(" ", divisors);
  }
}
