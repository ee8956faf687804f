package dev.crema.bench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.crema.bench.lab.Environment;
import dev.crema.bench.lab.Measurement;
import dev.crema.bench.lab.Peak;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Measurements as a table that grows, and as JSON with the environment. */
public final class BenchOutput {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final PrintWriter out;
  private final Environment environment;
  private final Peak peak;
  private final List<Measurement> all = new ArrayList<>();

  /** Prints the head. */
  public BenchOutput(PrintWriter out, Environment environment, Peak peak) {
    this.out = out;
    this.environment = environment;
    this.peak = peak;
    line("%s, %s", environment.cpu(), environment.backend());
    line("peak here %.0f GFLOP/s, memory %.1f GB/s", peak.gflops(), peak.gbPerS());
    line("");
    line("%-44s  %9s  %9s  %16s  %6s", "", "min ms", "median", "", "% peak");
  }

  /** Prints a row. */
  public void add(Measurement m) {
    all.add(m);
    line(
        "%-44s  %9s  %9s  %7s %8s  %6.0f  %s",
        m.name(),
        Figures.significant(m.minMs()),
        Figures.significant(m.medianMs()),
        Figures.significant(m.rate()),
        m.unit(),
        m.peakPercent(),
        m.how());
  }

  /** Prints the mean of many rows. */
  public void end() {
    if (all.size() > 2) {
      line("%-44s  %47.0f", "geometric mean", geometricMean());
    }
  }

  private double geometricMean() {
    return Math.exp(
        all.stream().mapToDouble(m -> Math.log(m.peakPercent())).average().orElse(Double.NaN));
  }

  /** The environment, the machine's limits and the rows. */
  public String json() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("environment", environment);
    map.put("peak", peak);
    map.put("measurements", all);
    try {
      return MAPPER.writeValueAsString(map);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("records of numbers and strings became no JSON", e);
    }
  }

  private void line(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values).stripTrailing());
    out.flush();
  }
}
