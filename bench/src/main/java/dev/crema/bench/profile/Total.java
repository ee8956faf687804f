package dev.crema.bench.profile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The calls of one name together; the numbers are as at {@link Call}. */
public record Total(String name, int calls, long launches, long nanos, double flops, long bytes) {

  /** The totals of all names, the longest first. */
  static List<Total> of(List<Call> calls, Function<Call, String> name) {
    Map<String, Total> totals = new LinkedHashMap<>();
    for (Call call : calls) {
      var one =
          new Total(name.apply(call), 1, call.launches(), call.nanos(), call.flops(), call.bytes());
      totals.merge(one.name, one, Total::plus);
    }
    List<Total> sorted = new ArrayList<>(totals.values());
    sorted.sort(Comparator.comparingLong(Total::nanos).reversed());
    return sorted;
  }

  private Total plus(Total other) {
    return new Total(
        name,
        calls + other.calls,
        launches + other.launches,
        nanos + other.nanos,
        flops + other.flops,
        bytes + other.bytes);
  }
}
