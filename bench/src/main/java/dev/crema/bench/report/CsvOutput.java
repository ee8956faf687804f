package dev.crema.bench.report;

import dev.crema.bench.lab.Accuracy;
import dev.crema.bench.lab.Environment;
import dev.crema.bench.lab.Layer;
import dev.crema.bench.lab.Row;
import dev.crema.bench.lab.Row.Speed;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One line per row; what was not measured is empty. Quotes as in RFC 4180, numbers with a point.
 */
final class CsvOutput implements LabOutput {
  private static final List<String> HEAD =
      List.of(
          "name",
          "problem",
          "direction",
          "dtype",
          "device",
          "threads",
          "algorithm",
          "status",
          "note",
          "min_ms",
          "median_ms",
          "samples",
          "gflops",
          "peak_percent",
          "gb_per_s",
          "bandwidth_percent",
          "workspace_bytes",
          "max_error",
          "rms_error",
          "same_bits",
          "auto",
          "best",
          "repro");

  private final PrintWriter out;

  CsvOutput(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void begin(Environment environment) {
    line(HEAD);
  }

  @Override
  public void layer(Layer layer) {
    layer.rows().forEach(row -> line(cells(layer, row)));
  }

  private static List<@Nullable Object> cells(Layer layer, Row row) {
    Speed s = row.speed();
    Accuracy a = row.accuracy();
    var cells = new ArrayList<@Nullable Object>();
    cells.add(layer.problem().name());
    cells.add(layer.problem().notation());
    cells.add(layer.direction().label());
    cells.add(layer.dtype());
    cells.add(layer.device());
    cells.add(layer.threads());
    cells.add(row.algorithm());
    cells.add(row.status().name().toLowerCase(Locale.ROOT));
    cells.add(row.note());
    cells.add(s == null ? null : s.minMs());
    cells.add(s == null ? null : s.medianMs());
    cells.add(s == null ? null : s.samples());
    cells.add(s == null ? null : s.gflops());
    cells.add(s == null ? null : s.peakPercent());
    cells.add(s == null ? null : s.gbPerS());
    cells.add(s == null ? null : s.bandwidthPercent());
    cells.add(row.workspaceBytes());
    cells.add(a == null ? null : a.max());
    cells.add(a == null ? null : a.rms());
    cells.add(row.sameBits());
    cells.add(row.auto());
    cells.add(row.best());
    cells.add(row.repro());
    return cells;
  }

  @Override
  public void end() {
    out.flush();
  }

  private void line(List<? extends @Nullable Object> cells) {
    out.print(cells.stream().map(CsvOutput::quoted).collect(Collectors.joining(",")) + "\r\n");
    out.flush();
  }

  private static String quoted(@Nullable Object cell) {
    String text = cell == null ? "" : cell.toString();
    return text.matches("[^\",\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
