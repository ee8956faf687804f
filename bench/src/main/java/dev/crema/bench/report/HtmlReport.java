package dev.crema.bench.report;

import dev.crema.bench.lab.Environment;
import dev.crema.bench.lab.Layer;
import dev.crema.bench.lab.Row;
import dev.crema.cpu.conv.Direction;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A folder with {@code index.html}, which needs nothing else (its plots are SVG inside it), and the
 * same results as {@code results.json} and {@code results.csv}.
 */
public final class HtmlReport implements LabOutput {
  private static final String STYLE =
      """
      body { font: 15px/1.5 system-ui, sans-serif; color: #222; max-width: 1000px; margin: 2em auto; padding: 0 1em }
      h1, h2, h3 { line-height: 1.2; font-weight: 600 } h2 { margin-top: 2em } h3 { margin-bottom: .3em }
      svg { max-width: 100%; height: auto; display: block }
      table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums }
      th, td { padding: .2em .7em .2em 0; text-align: right; vertical-align: top; border-bottom: 1px solid #e4e4e4 }
      th { font-weight: 600; white-space: nowrap } .text { text-align: left }
      code { font-size: 12px; overflow-wrap: anywhere } .best { font-weight: 600 } .failed { color: #b00020 }
      .quiet { color: #666 } .wide { overflow-x: auto }
      """;

  private final Path folder;
  private final List<Layer> layers = new ArrayList<>();
  private @Nullable Environment environment;

  /**
   * @param folder is made when it is not there
   */
  public HtmlReport(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The page, once it is written. */
  public Path page() {
    return folder.resolve("index.html");
  }

  @Override
  public void begin(Environment where) {
    environment = where;
  }

  @Override
  public void layer(Layer layer) {
    layers.add(layer);
  }

  @Override
  public void end() {
    write("results.json", Format.JSON);
    write("results.csv", Format.CSV);
    try {
      Files.writeString(page(), html());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String name, Format format) {
    try (var out =
        new PrintWriter(Files.newBufferedWriter(folder.resolve(name), StandardCharsets.UTF_8))) {
      LabOutput output = format.to(out);
      if (environment != null) {
        output.begin(environment);
      }
      layers.forEach(output::layer);
      output.end();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String html() {
    var html = new StringBuilder();
    html.append("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n");
    html.append("<meta name=\"viewport\" content=\"width=device-width\">\n");
    html.append("<title>Crema: convolution</title>\n<style>\n").append(STYLE).append("</style>\n");
    html.append("<h1>Convolution</h1>\n");
    if (environment != null) {
      environment(html, environment);
    }
    List<String> algorithms =
        layers.stream().flatMap(l -> l.rows().stream()).map(Row::algorithm).distinct().toList();
    for (Direction direction : Direction.values()) {
      List<Layer> some = layers.stream().filter(l -> l.direction() == direction).toList();
      if (!some.isEmpty()) {
        html.append("<h2>%s</h2>\n".formatted(title(direction)));
        plots(html, new Plots(some, algorithms));
        picks(html, some);
        some.forEach(layer -> table(html, layer));
      }
    }
    return html.append("</html>\n").toString();
  }

  private static String title(Direction direction) {
    return switch (direction) {
      case FORWARD -> "Forward";
      case BACKWARD_INPUT -> "Backward, input";
      case BACKWARD_WEIGHT -> "Backward, weight";
    };
  }

  private static void plots(StringBuilder html, Plots plots) {
    if (plots.isEmpty()) {
      return;
    }
    html.append("<h3>Roofline</h3>\n").append(Svg.of(plots.roofline()));
    html.append("<h3>Layers</h3>\n<p class=\"quiet\">The line is the multiply-add peak.\n");
    plots.bars().forEach(chart -> html.append(Svg.of(chart)));
    html.append("<h3>Error against speed</h3>\n").append(Svg.of(plots.errorAgainstSpeed()));
  }

  private static void environment(StringBuilder html, Environment e) {
    html.append("<table>\n");
    pair(html, "cpu", e.cpu() + ", " + e.processors() + " processors");
    pair(html, "threads", String.valueOf(e.threads()));
    pair(html, "backend", e.backend());
    pair(html, "java", e.java());
    pair(html, "options", e.jvmOptions());
    pair(html, "system", e.system());
    pair(html, "crema", e.crema() + ", commit " + e.commit());
    pair(html, "date", e.date());
    pair(html, "command", e.command());
    html.append("</table>\n");
  }

  private static void pair(StringBuilder html, String name, String value) {
    html.append("<tr><th class=\"text\">%s<td class=\"text\">%s\n".formatted(name, escape(value)));
  }

  private static void picks(StringBuilder html, List<Layer> some) {
    if (some.stream().allMatch(layer -> layer.pick().isEmpty())) {
      return;
    }
    html.append("<h3>Cherry-pick</h3>\n<table>\n");
    html.append(
        "<tr><th class=\"text\">layer<th class=\"text\">best<th class=\"text\">automatic selection"
            + " takes<th>times as long\n");
    for (Layer layer : some) {
      layer
          .pick()
          .ifPresent(
              pick ->
                  html.append(
                      "<tr><td class=\"text\">%s<td class=\"text\">%s<td class=\"text\">%s<td>%s\n"
                          .formatted(
                              escape(layer.title()),
                              escape(pick.best()),
                              escape(pick.auto()),
                              Figures.significant(pick.ratio()))));
    }
    html.append("</table>\n");
  }

  private static void table(StringBuilder html, Layer layer) {
    html.append("<h3>%s</h3>\n".formatted(escape(layer.title())));
    html.append(
        "<p class=\"quiet\"><code>%s</code>, %s, %s GFLOP\n<div class=\"wide\"><table>\n"
            .formatted(
                escape(layer.problem().notation()),
                layer.dtype(),
                Figures.significant(layer.flops() * 1e-9)));
    html.append("<tr><th class=\"text\">algorithm");
    for (Column column : Column.values()) {
      html.append("<th>").append(column.head());
    }
    html.append("<th class=\"text\">status\n");
    for (Row row : layer.rows()) {
      String kind = row.status() == Row.Status.FAILED ? "failed" : row.best() ? "best" : "";
      html.append(
          "<tr class=\"%s\"><td class=\"text\">%s".formatted(kind, escape(row.algorithm())));
      for (Column column : Column.values()) {
        html.append("<td>").append(column.of(row));
      }
      html.append("<td class=\"text\">%s\n".formatted(escape(TableOutput.status(row))));
    }
    html.append("</table></div>\n");
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
