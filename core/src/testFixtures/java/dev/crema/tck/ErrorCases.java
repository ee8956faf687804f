package dev.crema.tck;

import java.util.List;
import java.util.stream.Stream;

/** Everything that ops refuse, with the exact words. */
final class ErrorCases {
  private ErrorCases() {}

  static List<ErrorCase> all() {
    return Stream.of(
            ElementwiseErrors.all(),
            ReductionErrors.all(),
            WindowErrors.all(),
            ShapingErrors.all(),
            StateErrors.all())
        .flatMap(List::stream)
        .toList();
  }
}
