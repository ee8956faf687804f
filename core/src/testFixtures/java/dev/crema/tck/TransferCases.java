package dev.crema.tck;

import dev.crema.cases.Input;
import dev.crema.cases.OpCase;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Tensor;
import java.util.List;

/** To another device and back: the one op that needs two. */
final class TransferCases {
  private TransferCases() {}

  static List<OpCase> all() {
    return List.of(OpCase.of("to", "another device and back", x -> back(x[0]), Input.real(2, 3)));
  }

  private static Tensor back(Tensor x) {
    Device home = x.device();
    DType wide = x.dtype().wide(); // there may be no computing with others there
    return x.to(ErrorCase.other(home)).to(wide).square().to(x.dtype()).to(home);
  }
}
