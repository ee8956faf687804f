package dev.crema.examples.cli;

import dev.crema.autograd.Gradcheck;
import dev.crema.cases.OpCase;
import dev.crema.cases.OpCases;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.UnsupportedOpException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code crema gradcheck}: every gradient against differences. */
@Command(
    name = "gradcheck",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    customSynopsis = "./crema gradcheck [OPTIONS] [OP...]",
    description = {
      "Checks the gradient of every op.",
      "",
      "Holds the gradient of every op, and that one's gradient, against central differences in"
          + " f64. One line per op and dtype, with the worst relative error over all its cases."
          + " Passing means at most 1e-6 in f64 and 1e-4 in f32."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./crema gradcheck conv2d log_softmax    these two",
      "  ./crema gradcheck conv                  conv2d and its two backward ops"
    })
public final class GradcheckCommand implements Callable<Integer> {
  private final Terminal terminal;
  private final List<Gradcheck.Result> all = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  @Parameters(
      paramLabel = "OP",
      arity = "0..*",
      description =
          "Only these ops, such as conv2d, or all whose names start so, such as conv. Default: all"
              + " that are differentiable")
  private List<String> ops = new ArrayList<>();

  @Mixin private DeviceOptions device = new DeviceOptions();

  /** Prints to this terminal. */
  public GradcheckCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Map<String, List<OpCase>> casesByOp =
        OpCases.differentiable().stream()
            .collect(Collectors.groupingBy(OpCase::op, LinkedHashMap::new, Collectors.toList()));
    if (!ops.isEmpty()) {
      casesByOp.keySet().retainAll(chosen(casesByOp.keySet()));
    }
    Device target = device.select();
    terminal.line("%-24s %-5s %5s  %11s  %12s", "op", "dtype", "cases", "first order", "second");
    casesByOp.forEach(
        (op, cases) -> {
          for (DType dtype : List.of(DType.F64, DType.F32)) {
            check(op, cases, dtype, target);
          }
        });
    problems.forEach(problem -> terminal.line("%s", problem));
    terminal.line(
        "%s: %s, worst relative error %s in f64, %s in f32",
        Words.count(casesByOp.size(), "op"),
        problems.isEmpty() ? "PASS" : Words.count(problems.size(), "check") + " FAILED",
        worst(all, result -> result.dtype() == DType.F64),
        worst(all, result -> result.dtype() == DType.F32));
    return problems.isEmpty() ? 0 : 1;
  }

  /** Prints one row, and notes what is wrong. */
  private void check(String op, List<OpCase> cases, DType dtype, Device target) {
    var results = new ArrayList<Gradcheck.Result>();
    int before = problems.size();
    try {
      for (OpCase opCase : cases) {
        for (int order = 1; order <= opCase.order(); order++) {
          Gradcheck.Result result = opCase.gradcheck(order, dtype, target);
          results.add(result);
          if (!result.passed()) {
            problems.add(result.toString());
          }
        }
      }
    } catch (UnsupportedOpException e) {
      problems.add(e.getMessage());
    }
    all.addAll(results);
    terminal.line(
        "%-24s %-5s %5d  %11s  %12s  %s",
        op,
        dtype,
        cases.size(),
        worst(results, result -> result.order() == 1),
        worst(results, result -> result.order() == 2),
        problems.size() == before ? "PASS" : "FAIL");
  }

  /** The ops of these names, and where a name is no op's, all whose names start with it. */
  private Set<String> chosen(Set<String> known) {
    var chosen = new HashSet<String>();
    for (String op : ops) {
      List<String> found =
          known.contains(op)
              ? List.of(op)
              : known.stream().filter(name -> name.startsWith(op)).toList();
      if (found.isEmpty()) {
        throw new UserError(
            "there is no differentiable op '%s'.%s Hint: the ops are %s"
                .formatted(op, Names.didYouMean(op, known), String.join(", ", known)));
      }
      chosen.addAll(found);
    }
    return chosen;
  }

  private static String worst(List<Gradcheck.Result> results, Predicate<Gradcheck.Result> which) {
    return results.stream().filter(which).mapToDouble(Gradcheck.Result::error).max().stream()
        .mapToObj(error -> String.format(Locale.ROOT, "%.1e", error))
        .findFirst()
        .orElse("-");
  }
}
