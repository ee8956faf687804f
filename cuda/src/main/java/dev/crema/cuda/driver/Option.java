package dev.crema.cuda.driver;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a user can choose by {@code -Dcrema.cuda.NAME=VALUE}, each with its values, the first is the
 * default.
 */
public enum Option {
  /** How cuDNN's algorithms are chosen. */
  CONV("heuristics", "find"),
  /** Whether cuDNN is used. */
  CUDNN("on", "off"),
  /** What f32 is multiplied in. */
  PRECISION("f32", "tf32");

  private final List<String> values;

  Option(String... values) {
    this.values = List.of(values);
  }

  /** The chosen value; the default, too, where there is a {@link #fault}, which keeps CUDA off. */
  public String value() {
    String given = given();
    return values.contains(given) ? given : values.getFirst();
  }

  /** What is wrong with the options, or null when all is well. */
  static @Nullable String fault() {
    String faults =
        Arrays.stream(values())
            .filter(o -> !o.values.contains(o.given()))
            .map(Option::complaint)
            .collect(Collectors.joining("; "));
    return faults.isEmpty() ? null : faults;
  }

  private String complaint() {
    return "-D%s: expected %s, got '%s'"
        .formatted(property(), String.join(" or ", values), given());
  }

  private String given() {
    return Objects.requireNonNull(System.getProperty(property(), values.getFirst()))
        .toLowerCase(Locale.ROOT);
  }

  private String property() {
    return "crema.cuda." + name().toLowerCase(Locale.ROOT);
  }
}
