package dev.crema.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.cases.OpCase;
import dev.crema.cases.Tolerance;
import dev.crema.tck.Outcome.Part;
import dev.crema.tensor.DType;
import java.util.Arrays;
import java.util.Objects;

/** Compares outcomes, and names the worst element where they differ. */
final class Outcomes {
  private Outcomes() {}

  /** Equal within the case's tolerance. */
  static void assertClose(OpCase c, DType floating, Outcome actual, Outcome expected) {
    assertSameParts(actual, expected);
    for (int i = 0; i < expected.parts().size(); i++) {
      Tolerance tolerance = i == 0 ? c.tolerance() : c.tolerance().ofGradient();
      assertClose(tolerance, floating, actual.parts().get(i), expected.parts().get(i));
    }
  }

  /** Equal bit by bit. */
  static void assertSameBits(Outcome actual, Outcome expected) {
    assertSameParts(actual, expected);
    for (int i = 0; i < expected.parts().size(); i++) {
      Part a = actual.parts().get(i);
      Part e = expected.parts().get(i);
      assertThat(Objects.deepEquals(a.bits(), e.bits()))
          .as("%s: first difference at element %d", e.name(), mismatch(a, e))
          .isTrue();
    }
  }

  private static int mismatch(Part a, Part e) {
    return Arrays.mismatch(a.values(), e.values());
  }

  private static void assertSameParts(Outcome actual, Outcome expected) {
    assertThat(actual.parts().stream().map(p -> p.name() + " " + p.type()))
        .containsExactlyElementsOf(
            expected.parts().stream().map(p -> p.name() + " " + p.type()).toList());
  }

  private static void assertClose(Tolerance tolerance, DType dtype, Part actual, Part expected) {
    double[] a = actual.values();
    double[] e = expected.values();
    double largest = Arrays.stream(e).filter(Double::isFinite).map(Math::abs).max().orElse(0);
    for (int i = 0; i < e.length; i++) {
      double allowed = tolerance.at(e[i], largest, dtype);
      boolean close =
          a[i] == e[i]
              || Double.isNaN(a[i]) && Double.isNaN(e[i])
              || Math.abs(a[i] - e[i]) <= allowed;
      if (!close) {
        throw new AssertionError(
            "%s %s: element %d is %s, expected %s; they differ by %.2e, allowed is %.2e"
                .formatted(
                    expected.name(),
                    expected.type(),
                    i,
                    a[i],
                    e[i],
                    Math.abs(a[i] - e[i]),
                    allowed));
      }
    }
  }
}
