package dev.crema.examples.cli;

import dev.crema.cpu.Parallel;
import dev.crema.cpu.conv.Direction;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Values of options that several commands have, checked. */
final class Arguments {
  private static final int ALWAYS_ALLOWED = 64;
  private static final int THREADS_PER_PROCESSOR = 4;

  private Arguments() {}

  static <N extends Number> N atLeastOne(String option, N value) {
    if (value.doubleValue() >= 1) {
      return value;
    }
    throw new UserError("%s: expected at least 1, got %s".formatted(option, value));
  }

  /** So many threads, or all that there are. */
  static int threads(@Nullable Integer wish) {
    if (wish == null) {
      return Parallel.numThreads();
    }
    int processors = Runtime.getRuntime().availableProcessors();
    int most = Math.max(ALWAYS_ALLOWED, THREADS_PER_PROCESSOR * processors);
    if (wish > most) {
      throw new UserError(
          "--threads: expected at most %s on the %s processors here, got %s"
              .formatted(most, processors, wish));
    }
    return atLeastOne("--threads", wish);
  }

  /** What {@code --match} says. */
  static Pattern regex(String text) {
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw new UserError("--match: " + e.getMessage());
    }
  }

  /** What {@code --dir} says. */
  static List<Direction> directions(List<String> labels) {
    return labels.contains("all")
        ? List.of(Direction.values())
        : labels.stream().map(Arguments::direction).toList();
  }

  private static Direction direction(String label) {
    return Stream.of(Direction.values())
        .filter(d -> d.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "--dir: expected fwd, bwd_d, bwd_w or all, got '%s'".formatted(label)));
  }
}
