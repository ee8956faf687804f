package dev.crema.bench.report;

import dev.crema.bench.lab.Accuracy;
import dev.crema.bench.lab.Layer;
import dev.crema.bench.lab.Peak;
import dev.crema.bench.lab.Row;
import dev.crema.bench.lab.Row.Speed;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.AnnotationLine;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The lab's plots of layers in one direction. An algorithm has one colour in all of them (the first
 * are Okabe and Ito's, which colour-blind people tell apart).
 */
final class Plots {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 480;
  private static final int BARS_IN_A_PLOT = 6;
  private static final int LONG_TITLE = 20;
  private static final Color INK = new Color(0x333333);
  private static final Color GRID = new Color(0xe4e4e4);
  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
  private static final Color[] COLOURS =
      Stream.of(
              0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, 0x000000, 0x882255,
              0x999933, 0x332288, 0x44aa99, 0x8c6d31)
          .map(Color::new)
          .toArray(Color[]::new);
  private static final Marker[] MARKERS = {
    SeriesMarkers.CIRCLE, SeriesMarkers.DIAMOND, SeriesMarkers.SQUARE, SeriesMarkers.TRIANGLE_UP
  };

  private final List<Layer> layers;
  private final List<String> algorithms;

  /**
   * @param layers of one direction
   * @param algorithms of the whole report, in their order
   */
  Plots(List<Layer> layers, List<String> algorithms) {
    this.layers = layers;
    this.algorithms = algorithms;
  }

  boolean isEmpty() {
    return measured().findAny().isEmpty();
  }

  private record Point(Layer layer, Row row, Speed speed) {}

  private Stream<Point> measured() {
    return layers.stream()
        .flatMap(
            layer ->
                layer.rows().stream()
                    .flatMap(
                        row ->
                            row.speed() == null
                                ? Stream.empty()
                                : Stream.of(new Point(layer, row, row.speed()))));
  }

  /** Speed over operations per byte, beneath what the machine allows. */
  XYChart roofline() {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .xAxisTitle("operations per byte, were each tensor moved once")
            .yAxisTitle("GFLOP/s, as direct convolution")
            .build();
    style(chart.getStyler());
    double[] intensities = measured().mapToDouble(p -> intensity(p.layer())).toArray();
    addRoof(
        chart,
        Arrays.stream(intensities).min().orElse(1),
        Arrays.stream(intensities).max().orElse(1));
    scatter(chart, (layer, row) -> intensity(layer), (layer, row) -> gflops(row));
    logarithmic(chart.getStyler(), true, true);
    double lowest = measured().mapToDouble(p -> p.speed().gflops()).min().orElse(1);
    chart.getStyler().setYAxisMin(decade(lowest, Math::floor));
    return chart;
  }

  private void addRoof(XYChart chart, double least, double most) {
    Peak peak = peak();
    double ridge = peak.gflops() / peak.gbPerS();
    double left = decade(Math.min(least, ridge / 2), Math::floor);
    double right = decade(Math.max(most, ridge * 2), Math::ceil);
    double[] x = {left, ridge, right};
    double[] y = Arrays.stream(x).map(i -> Math.min(peak.gflops(), i * peak.gbPerS())).toArray();
    XYSeries roof = chart.addSeries("the machine's limits", x, y);
    roof.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);
    roof.setMarker(SeriesMarkers.NONE).setLineColor(INK).setLineWidth(1.6f);
    chart.getStyler().setXAxisMin(left).setXAxisMax(right);
    chart.getStyler().setYAxisMax(decade(1.5 * peak.gflops(), Math::ceil));
  }

  /** Error over speed: the best are far to the right and low. */
  XYChart errorAgainstSpeed() {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .xAxisTitle("GFLOP/s, as direct convolution")
            .yAxisTitle("largest error against f64")
            .build();
    style(chart.getStyler());
    scatter(chart, (layer, row) -> gflops(row), (layer, row) -> error(row));
    logarithmic(chart.getStyler(), false, true);
    double[] errors = measured().mapToDouble(p -> error(p.row())).filter(e -> e > 0).toArray();
    chart.getStyler().setYAxisMin(decade(Arrays.stream(errors).min().orElse(1e-7), Math::floor));
    chart.getStyler().setYAxisMax(decade(Arrays.stream(errors).max().orElse(1e-7), Math::ceil));
    chart.getStyler().setXAxisMin(0.0);
    return chart;
  }

  /** Each layer's bars, some layers to a plot. */
  List<CategoryChart> bars() {
    var charts = new ArrayList<CategoryChart>();
    List<Layer> shown =
        layers.stream().filter(l -> l.rows().stream().anyMatch(r -> r.speed() != null)).toList();
    for (int from = 0; from < shown.size(); from += BARS_IN_A_PLOT) {
      charts.add(bars(shown.subList(from, Math.min(shown.size(), from + BARS_IN_A_PLOT))));
    }
    return charts;
  }

  private CategoryChart bars(List<Layer> some) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(360)
            .yAxisTitle("GFLOP/s, as direct convolution")
            .build();
    style(chart.getStyler());
    chart.getStyler().setAvailableSpaceFill(0.9).setPlotGridVerticalLinesVisible(false);
    String net = net(some);
    List<String> titles = some.stream().map(l -> l.title().substring(net.length())).toList();
    if (titles.stream().anyMatch(title -> title.length() > LONG_TITLE)) {
      chart.getStyler().setXAxisLabelRotation(20);
    }
    for (String algorithm : algorithms) {
      List<Double> heights = some.stream().map(layer -> height(layer, algorithm)).toList();
      if (heights.stream().anyMatch(h -> h > 0)) {
        chart.addSeries(algorithm, titles, heights).setFillColor(colour(algorithm));
      }
    }
    chart.addAnnotation(new AnnotationLine(peak().gflops(), false, false));
    chart.getStyler().setAnnotationLineColor(INK).setAnnotationLineStroke(new BasicStroke(1.6f));
    double highest = measured().mapToDouble(p -> p.speed().gflops()).max().orElse(0);
    chart.getStyler().setYAxisMax(1.05 * Math.max(highest, peak().gflops()));
    return chart;
  }

  /** What all titles start with, up to a colon: {@code resnet50:}. */
  private static String net(List<Layer> some) {
    String first = some.getFirst().title();
    String prefix = first.substring(0, first.indexOf(':') + 1);
    return some.stream().allMatch(layer -> layer.title().startsWith(prefix)) ? prefix : "";
  }

  private static double height(Layer layer, String algorithm) {
    return layer.rows().stream()
        .filter(row -> row.algorithm().equals(algorithm))
        .mapToDouble(Plots::gflops)
        .filter(Double::isFinite)
        .findFirst()
        .orElse(0);
  }

  private void scatter(
      XYChart chart, ToDoubleBiFunction<Layer, Row> x, ToDoubleBiFunction<Layer, Row> y) {
    for (String algorithm : algorithms) {
      List<Point> points =
          measured()
              .filter(p -> p.row().algorithm().equals(algorithm))
              .filter(p -> y.applyAsDouble(p.layer(), p.row()) > 0)
              .toList();
      if (!points.isEmpty()) {
        XYSeries series =
            chart.addSeries(
                algorithm,
                points.stream().mapToDouble(p -> x.applyAsDouble(p.layer(), p.row())).toArray(),
                points.stream().mapToDouble(p -> y.applyAsDouble(p.layer(), p.row())).toArray());
        series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        series.setMarker(marker(algorithm)).setMarkerColor(colour(algorithm));
      }
    }
  }

  private Color colour(String algorithm) {
    return COLOURS[algorithms.indexOf(algorithm) % COLOURS.length];
  }

  private Marker marker(String algorithm) {
    return MARKERS[algorithms.indexOf(algorithm) % MARKERS.length];
  }

  /** The best that was seen. */
  private Peak peak() {
    double gflops =
        layers.stream()
            .map(Layer::peak)
            .mapToDouble(p -> p == null ? 0 : p.gflops())
            .max()
            .orElse(0);
    double gbPerS =
        layers.stream()
            .map(Layer::peak)
            .mapToDouble(p -> p == null ? 0 : p.gbPerS())
            .max()
            .orElse(0);
    return new Peak(gflops, gbPerS);
  }

  private static double intensity(Layer layer) {
    return layer.flops() / layer.bytes();
  }

  private static double gflops(Row row) {
    Speed speed = row.speed();
    return speed == null ? Double.NaN : speed.gflops();
  }

  private static double error(Row row) {
    @Nullable Accuracy accuracy = row.accuracy();
    return accuracy == null ? Double.NaN : accuracy.max();
  }

  private static double decade(double value, DoubleUnaryOperator round) {
    return Math.pow(10, round.applyAsDouble(Math.log10(value)));
  }

  private static void logarithmic(AxesChartStyler styler, boolean x, boolean y) {
    styler.setXAxisLogarithmic(x).setYAxisLogarithmic(y);
  }

  private static void style(AxesChartStyler styler) {
    styler.setLocale(Locale.ROOT);
    styler.setBaseFont(FONT).setChartFontColor(INK).setChartBackgroundColor(Color.WHITE);
    styler.setChartTitleVisible(false).setChartPadding(8);
    styler.setLegendPosition(LegendPosition.OutsideS).setLegendLayout(LegendLayout.Horizontal);
    styler.setLegendFont(FONT).setLegendBorderColor(Color.WHITE);
    styler.setPlotBorderVisible(false).setPlotBackgroundColor(Color.WHITE);
    styler.setAxisTitleFont(FONT).setAxisTickLabelsFont(FONT).setAxisTickLabelsColor(INK);
    styler.setPlotGridLinesColor(GRID).setPlotGridLinesStroke(new BasicStroke(1));
    styler.setMarkerSize(8).setSeriesMarkers(MARKERS);
  }
}
