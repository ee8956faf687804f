package dev.crema.bench.peers;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.crema.bench.lab.Environment;
import dev.crema.bench.lab.Peak;
import dev.crema.bench.peers.Workload.Group;
import dev.crema.bench.peers.lib.Library;
import dev.crema.bench.peers.lib.Library.Loaded;
import dev.crema.bench.peers.lib.Peer;
import dev.crema.cpu.Parallel;
import dev.crema.examples.cli.LabEnvironment;
import dev.crema.examples.cli.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./crema bench peers}. */
@Command(
    name = "crema bench peers",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Crema beside libtorch, OpenBLAS, ONNX Runtime, ND4J and VectorBLAS, in one JVM: the same"
          + " data, the same threads, turn by turn. Results are compared first; what differs is"
          + " not timed. docs/peers.md says how."
    },
    footer = {"", "Example: crema bench peers --only conv --match 'alexnet.*mb8' --threads 1"})
public final class Peers implements Callable<Integer> {
  private static final double BUDGET_MS = 500;
  private static final double QUICK_BUDGET_MS = 120;

  /** For the estimate: what a contender does about, in operations a millisecond and thread. */
  private static final double USUAL_SPEED = 120e6;

  private final PrintWriter out;

  @Option(names = "--quick", description = "Some rows of each kind, in under two minutes.")
  private boolean quick;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "KIND",
      description = "gemm, conv, train or infer, or several. Default: all")
  private List<String> only = List.of();

  @Option(
      names = "--match",
      paramLabel = "REGEX",
      description = "Only rows whose name matches somewhere.")
  private String match = "";

  @Option(
      names = "--threads",
      split = ",",
      paramLabel = "N",
      description = "On so many threads, or on several numbers of them. Default: 1, then all")
  private List<Integer> threads =
      Stream.of(1, Runtime.getRuntime().availableProcessors()).distinct().toList();

  @Option(
      names = "--cpu-time",
      description =
          "On one thread, count the time that it has a processor: for a machine that others use"
              + " too. Default: what the clock on the wall says")
  private boolean cpuTime;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write results, with the environment, to this file too.")
  private @Nullable Path json;

  @Spec private @Nullable CommandSpec spec;

  private Peers(PrintWriter out) {
    this.out = out;
  }

  /** Runs it, and ends the JVM: native libraries leave threads behind. */
  public static void main(String[] args) {
    System.exit(run(Terminal.system().out(), args));
  }

  /**
   * Runs it.
   *
   * @return 0 when all results were equal, 1 when one was not, 2 when it was asked for what does
   *     not exist
   */
  static int run(PrintWriter out, String... args) {
    return new CommandLine(new Peers(out)).setOut(out).setErr(out).execute(args);
  }

  @Override
  public Integer call() throws InterruptedException {
    List<Workload> workloads = workloads();
    var report = new Report(out);
    List<Loaded> libraries = Stream.of(Library.values()).map(Library::load).toList();
    libraries.forEach(l -> introduce(report, l));
    List<Peer> peers = libraries.stream().map(Loaded::peer).flatMap(Stream::ofNullable).toList();
    report.line(
        "%d rows on %s threads, about %s",
        workloads.size() * threads.size(), threads, duration(estimate(workloads)));
    Environment environment = LabEnvironment.here(command());
    var outcomes = new ArrayList<Outcome>();
    save(environment, libraries, outcomes); // so that a wrong name is not found out at the end
    for (Group group : Group.values()) {
      for (int n : threads) {
        List<Workload> rows = workloads.stream().filter(w -> w.group() == group).toList();
        if (!rows.isEmpty()) {
          outcomes.addAll(table(rows, n, peers, report));
          save(environment, libraries, outcomes); // a long run that is ended keeps what it has
        }
      }
    }
    report.summaries(Summary.of(outcomes));
    return outcomes.stream().allMatch(Outcome::equal) ? 0 : 1;
  }

  private List<Outcome> table(List<Workload> rows, int threads, List<Peer> peers, Report report)
      throws InterruptedException {
    var race = new Race(budget(), quick ? 3 : 5, threads, clock(threads));
    var outcomes = new ArrayList<Outcome>();
    for (Workload workload : rows) {
      Outcome outcome = Match.play(workload, threads, peers, race);
      report.row(outcome);
      outcomes.add(outcome);
    }
    if (rows.getFirst().group() == Group.GEMM) {
      Parallel.setNumThreads(threads);
      report.line("multiply-adds that touch registers only: %.0f GFLOP/s", Peak.here().gflops());
    }
    return outcomes;
  }

  private LongSupplier clock(int threads) {
    var thread = ManagementFactory.getThreadMXBean();
    return cpuTime && threads == 1 ? thread::getCurrentThreadCpuTime : System::nanoTime;
  }

  private static void introduce(Report report, Loaded library) {
    Peer peer = library.peer();
    report.line(
        "%-13s %s",
        library.library().label(),
        peer == null ? "does not run here: " + library.reason() : peer.details());
  }

  // ---- what is asked for ----

  private List<Workload> workloads() {
    for (String kind : only) {
      if (Stream.of(Group.values()).noneMatch(g -> g.option().equals(kind))) {
        throw error("--only: expected gemm, conv, train or infer, got '%s'".formatted(kind));
      }
    }
    for (int n : threads) {
      if (n < 1) {
        throw error("--threads: expected at least 1, got " + n);
      }
    }
    Predicate<String> matches = pattern().asPredicate();
    List<Workload> found =
        (quick ? Suite.quick() : Suite.full())
            .stream()
                .filter(w -> only.isEmpty() || only.contains(w.group().option()))
                .filter(w -> matches.test(w.name()))
                .toList();
    if (found.isEmpty()) {
      throw error("--match: no row matches '%s'".formatted(match));
    }
    return found;
  }

  private Pattern pattern() {
    try {
      return Pattern.compile(match);
    } catch (PatternSyntaxException e) {
      throw error("--match: " + e.getMessage());
    }
  }

  private ParameterException error(String message) {
    return new ParameterException(
        spec == null ? new CommandLine(this) : spec.commandLine(), message);
  }

  private List<String> command() {
    var all = new ArrayList<>(List.of("bench", "peers"));
    if (spec != null) {
      all.addAll(spec.commandLine().getParseResult().originalArgs());
    }
    return all;
  }

  // ---- how long it takes ----

  private double budget() {
    return quick ? QUICK_BUDGET_MS : BUDGET_MS;
  }

  private double estimate(List<Workload> workloads) {
    double ms = 0;
    for (Workload w : workloads) {
      int contenders =
          switch (w.group()) {
            case GEMM -> 5;
            case CONV_FORWARD, INFER -> 3;
            case CONV_BACKWARD, TRAIN -> 2;
          };
      for (int n : threads) {
        double call = w.flops() / (USUAL_SPEED * n);
        ms += contenders * (1.5 * budget() + 500 + (quick ? 7 : 9) * call);
      }
    }
    return ms;
  }

  private static String duration(double ms) {
    return ms < 90_000 ? "%.0f s".formatted(ms / 1e3) : "%.0f min".formatted(ms / 60e3);
  }

  // ---- the file ----

  private void save(Environment environment, List<Loaded> libraries, List<Outcome> outcomes) {
    if (json == null) {
      return;
    }
    try {
      write(json, environment, libraries, outcomes);
    } catch (IOException e) {
      throw error("--json %s: cannot be written: %s".formatted(json, e));
    }
  }

  private static void write(
      Path file, Environment environment, List<Loaded> libraries, List<Outcome> outcomes)
      throws IOException {
    var all = new LinkedHashMap<String, Object>();
    all.put("environment", environment);
    var details = new LinkedHashMap<String, String>();
    for (Loaded l : libraries) {
      Peer peer = l.peer();
      details.put(l.library().label(), peer == null ? "absent: " + l.reason() : peer.details());
    }
    all.put("libraries", details);
    all.put("rows", outcomes.stream().map(Peers::row).toList());
    all.put("summaries", Summary.of(outcomes));
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), all);
  }

  private static Map<String, Object> row(Outcome outcome) {
    Workload w = outcome.workload();
    var row = new LinkedHashMap<String, Object>();
    row.put("group", w.group());
    row.put("name", w.name());
    row.put("threads", outcome.threads());
    row.put("flops", w.flops());
    row.put("images", w.images());
    row.put("entries", outcome.entries());
    return row;
  }
}
