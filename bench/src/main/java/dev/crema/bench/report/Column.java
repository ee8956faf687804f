package dev.crema.bench.report;

import dev.crema.bench.lab.Accuracy;
import dev.crema.bench.lab.Row;
import dev.crema.bench.lab.Row.Speed;
import java.util.Locale;
import java.util.function.Function;

/** A figure of a row for people; what was not measured is a dash. */
enum Column {
  MIN_MS("min ms", row -> speed(row, s -> significant(s.minMs()))),
  MEDIAN_MS("median", row -> speed(row, s -> significant(s.medianMs()))),
  GFLOPS("GFLOP/s", row -> speed(row, s -> significant(s.gflops()))),
  PEAK("% peak", row -> speed(row, s -> format("%.0f", s.peakPercent()))),
  GB_PER_S("GB/s", row -> speed(row, s -> significant(s.gbPerS()))),
  BANDWIDTH("% bw", row -> speed(row, s -> format("%.0f", s.bandwidthPercent()))),
  WORKSPACE("workspace", Column::workspace),
  MAX_ERROR("max error", row -> accuracy(row, Accuracy::max)),
  RMS_ERROR("rms error", row -> accuracy(row, Accuracy::rms)),
  BITS("bits", Column::bits);

  private static final String NOTHING = "-";

  private final String head;
  private final Function<Row, String> value;

  Column(String head, Function<Row, String> value) {
    this.head = head;
    this.value = value;
  }

  String head() {
    return head;
  }

  String of(Row row) {
    return value.apply(row);
  }

  private static String speed(Row row, Function<Speed, String> figure) {
    return row.speed() == null ? NOTHING : figure.apply(row.speed());
  }

  private static String accuracy(Row row, Function<Accuracy, Double> figure) {
    return row.accuracy() == null ? NOTHING : format("%.1e", figure.apply(row.accuracy()));
  }

  private static String workspace(Row row) {
    return row.workspaceBytes() == null ? NOTHING : Figures.bytes(row.workspaceBytes());
  }

  private static String bits(Row row) {
    return row.sameBits() == null ? NOTHING : row.sameBits() ? "same" : "differ";
  }

  private static String significant(double value) {
    return Figures.significant(value);
  }

  private static String format(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
