package dev.crema.cases;

import java.util.List;
import java.util.stream.Stream;

/** Every case of every op: the one list that all checks read. */
public final class OpCases {
  private OpCases() {}

  /** All cases, family by family. */
  public static List<OpCase> all() {
    return Stream.of(
            UnaryCases.all(),
            BinaryCases.all(),
            FusedCases.all(),
            ConversionCases.all(),
            ReduceCases.all(),
            MatMulCases.all(),
            ConvCases.all(),
            PoolCases.all(),
            SoftmaxCases.all(),
            NormCases.all(),
            PadCases.all(),
            IndexCases.all(),
            ShapingCases.all(),
            RandomCases.all(),
            UpdateCases.all())
        .flatMap(List::stream)
        .toList();
  }

  /** Those whose gradient is held against differences. */
  public static List<OpCase> differentiable() {
    return all().stream().filter(OpCase::isGradcheckable).toList();
  }
}
