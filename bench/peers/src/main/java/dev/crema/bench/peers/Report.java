package dev.crema.bench.peers;

import dev.crema.bench.peers.Outcome.Entry;
import dev.crema.bench.peers.Workload.Group;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tables for people, row by row as they come. */
final class Report {
  private static final String FIRST_COLUMN = "%-42s";
  private static final String COLUMN = "%26s";

  private final PrintWriter out;
  private @Nullable Group group;
  private int threads;
  private List<String> columns = List.of();

  Report(PrintWriter out) {
    this.out = out;
  }

  void line(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values).stripTrailing());
    out.flush();
  }

  /** A row, under its table's head if it is the first. */
  void row(Outcome outcome) {
    if (outcome.workload().group() != group || outcome.threads() != threads) {
      group = outcome.workload().group();
      threads = outcome.threads();
      columns = competing(outcome);
      head(outcome);
    }
    var s = new StringBuilder(format(FIRST_COLUMN, outcome.workload().name()));
    for (String peer : columns) {
      s.append(format(COLUMN, outcome.entry(peer).map(e -> cell(outcome, e)).orElse("-")));
    }
    line("%s", s);
    for (Entry e : outcome.entries()) {
      if (!e.note().isEmpty()) {
        line("    %s %s: %s", e.peer(), e.status().toString().toLowerCase(Locale.ROOT), e.note());
      }
    }
  }

  private static List<String> competing(Outcome outcome) {
    return outcome.entries().stream()
        .filter(e -> e.status() != Outcome.Status.ABSENT)
        .map(Entry::peer)
        .toList();
  }

  private void head(Outcome outcome) {
    line("");
    line(
        "%s: %d %s. %s, and time over %s's (quartiles); above 1 %s is faster",
        outcome.workload().group().title(),
        threads,
        threads == 1 ? "thread" : "threads",
        outcome.workload().unit(),
        columns.getFirst(),
        columns.getFirst());
    var s = new StringBuilder(format(FIRST_COLUMN, ""));
    columns.forEach(peer -> s.append(format(COLUMN, peer)));
    line("%s", s);
  }

  private static String cell(Outcome outcome, Entry e) {
    if (e.ms() == null) {
      return e.status() == Outcome.Status.ABSENT ? "-" : e.status().toString();
    }
    String rate = rate(outcome.workload().rate(e.ms().median()));
    return e.ratio() == null ? rate : rate + "  " + ratio(e.ratio());
  }

  private static String rate(double rate) {
    return format(rate < 100 ? "%.1f" : "%.0f", rate);
  }

  private static String ratio(Spread r) {
    return format("%.2f (%.2f–%.2f)", r.median(), r.q1(), r.q3());
  }

  /** The geometric means. */
  void summaries(List<Summary> summaries) {
    line("");
    line("geometric means of time over Crema's (quartiles), and the least");
    for (Summary s : summaries) {
      line(
          "  %-54s %d thr.  %-13s %s over %d rows, least %.2f: %s",
          s.group().title(),
          s.threads(),
          s.peer(),
          ratio(s.mean()),
          s.rows(),
          s.worst(),
          s.worstName());
    }
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
