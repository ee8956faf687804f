package dev.crema.bench.report;

import dev.crema.bench.lab.Environment;
import dev.crema.bench.lab.Layer;
import dev.crema.bench.lab.Row;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table per layer, on the terminal. */
final class TableOutput implements LabOutput {
  private final PrintWriter out;

  TableOutput(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void begin(Environment e) {
    line("%s, %s", e.cpu(), e.backend());
  }

  @Override
  public void layer(Layer layer) {
    line("");
    line(
        "%s  %s  %s  %s GFLOP%s",
        layer.title(),
        layer.direction().label(),
        layer.dtype(),
        Figures.significant(layer.flops() * 1e-9),
        layer.peak() == null
            ? ""
            : "  (peak here %.0f GFLOP/s, memory %.1f GB/s)"
                .formatted(layer.peak().gflops(), layer.peak().gbPerS()));
    line("  %s", layer.command());
    List<Column> columns = columns(layer);
    var rows = new ArrayList<List<String>>();
    rows.add(head(columns));
    layer.rows().forEach(row -> rows.add(cells(row, columns)));
    table(rows);
    layer.rows().stream()
        .filter(row -> row.status() == Row.Status.FAILED)
        .forEach(row -> line("  FAILED, to repeat: %s", row.repro()));
    layer
        .pick()
        .ifPresent(
            pick ->
                line(
                    "  cherry-pick: %s; automatic selection takes %s, %.2f times as long",
                    pick.best(), pick.auto(), pick.ratio()));
  }

  /** Those that a row has something for. */
  private static List<Column> columns(Layer layer) {
    return List.of(Column.values()).stream()
        .filter(c -> layer.rows().stream().anyMatch(row -> !c.of(row).equals("-")))
        .toList();
  }

  private static List<String> head(List<Column> columns) {
    var cells = new ArrayList<String>(List.of("algorithm"));
    columns.forEach(c -> cells.add(c.head()));
    cells.add("status");
    return cells;
  }

  private static List<String> cells(Row row, List<Column> columns) {
    var cells = new ArrayList<String>(List.of(row.algorithm()));
    columns.forEach(c -> cells.add(c.of(row)));
    cells.add(status(row));
    return cells;
  }

  /** The status in words, with what there is to say. */
  static String status(Row row) {
    String status =
        switch (row.status()) {
          case OK -> "ok";
          case DECLINED -> "declined";
          case SKIPPED -> "skipped";
          case FAILED -> "FAILED";
        };
    String marks = (row.best() ? ", best" : "") + (row.auto() ? ", auto" : "");
    return status + marks + (row.note().isEmpty() ? "" : ": " + row.note());
  }

  /** The first and the last column to the left, figures to the right. */
  private void table(List<List<String>> rows) {
    int last = rows.getFirst().size() - 1;
    int[] widths = new int[last + 1];
    for (List<String> row : rows) {
      for (int i = 0; i <= last; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      var s = new StringBuilder("  ");
      for (int i = 0; i <= last; i++) {
        String blank = " ".repeat(i == last ? 0 : widths[i] - row.get(i).length());
        s.append(i == 0 || i == last ? row.get(i) + blank : blank + row.get(i)).append("  ");
      }
      line("%s", s.toString().stripTrailing());
    }
  }

  @Override
  public void end() {
    out.flush();
  }

  private void line(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
    out.flush();
  }
}
