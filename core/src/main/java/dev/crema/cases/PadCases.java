package dev.crema.cases;

import dev.crema.tensor.Padding;
import dev.crema.tensor.PaddingMode;
import java.util.ArrayList;
import java.util.List;

/** Borders around images. */
final class PadCases {
  private PadCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    var uneven = new Padding.Explicit(1, 2, 2, 0);
    for (PaddingMode mode : PaddingMode.values()) {
      cases.add(
          OpCase.of("pad", mode.toString(), t -> t[0].pad(uneven, mode), Input.real(1, 2, 3, 3)));
      cases.add(
          OpCase.of("pad", mode + " matrix", t -> t[0].pad(uneven, mode), Input.real(3, 3))
              .exact());
      cases.add(
          OpCase.of("pad", mode + " large", t -> t[0].pad(uneven, mode), Input.whole(3, 5, 40, 41))
              .exact()
              .asLarge());
    }
    var none = new Padding.Explicit(0, 0, 0, 0);
    cases.add(
        OpCase.of(
                "pad",
                "by nothing",
                t -> t[0].pad(none, PaddingMode.REFLECT).mul(1),
                Input.real(2, 2))
            .exact());
    cases.add(OpCase.of("pad", "constant", t -> t[0].pad(uneven, 1.5), Input.real(2, 3)).exact());
    cases.add(
        OpCase.of(
                "pad",
                "infinity",
                t -> t[0].pad(uneven, Double.NEGATIVE_INFINITY),
                Input.real(2, 3).constant())
            .exact());
    return cases;
  }
}
