package dev.crema.bench.report;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.knowm.xchart.internal.chartpart.Chart;

/** A plot as an SVG element to stand inside a page. */
final class Svg {
  private Svg() {}

  static String of(Chart<?, ?> chart) {
    var graphics = new VectorGraphics2D();
    chart.paint(graphics, chart.getWidth(), chart.getHeight());
    var bytes = new ByteArrayOutputStream();
    try {
      new SVGProcessor()
          .getDocument(graphics.getCommands(), new PageSize(chart.getWidth(), chart.getHeight()))
          .writeTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return inline(bytes.toString(StandardCharsets.UTF_8), chart.getWidth(), chart.getHeight());
  }

  /** Without the head of a file, its namespaces, and its size in millimetres. */
  private static String inline(String file, int width, int height) {
    String body = file.substring(file.indexOf('>', file.indexOf("<svg")) + 1);
    return "<svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\">".formatted(width, height, width)
        + body.replaceAll("\\s+xmlns(:\\w+)?=\"[^\"]*\"", "");
  }
}
