package dev.crema.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.autograd.Gradcheck.Rule;
import dev.crema.autograd.Vjp;
import dev.crema.backend.BinaryOp;
import dev.crema.backend.UnaryOp;
import dev.crema.cases.OpCase;
import dev.crema.cases.OpCases;
import dev.crema.op.Pointwise;
import dev.crema.tensor.DType;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever adds an op adds cases for it, or a test here fails and names the op. */
class CompletenessTest {
  /** What each case checks, found once. */
  private static final Map<String, Set<Rule>> RULES = new HashMap<>();

  @Test
  void everyBackendMethodAndOpIsRunByACase() {
    assertThat(callsWithoutCase(smallCases())).isEmpty();
  }

  @Test
  void everyGradientIsHeldAgainstDifferences() throws Exception {
    List<OpCase> cases =
        Stream.concat(smallCases().stream(), TransferCases.all().stream()).toList();
    assertThat(gradientsWithoutCase(cases)).isEmpty();
  }

  @Test
  void everyElementwiseGradientIsHeldAgainstDifferences() {
    Set<String> checked =
        rules(smallCases()).stream().map(Rule::op).collect(Collectors.toCollection(TreeSet::new));
    assertThat(checked).containsAll(differentiableElementwiseOps());
  }

  @Test
  void anOpWithoutCasesIsFound() throws Exception {
    List<OpCase> withoutPooling =
        smallCases().stream().filter(c -> !c.op().contains("pool")).toList();
    assertThat(callsWithoutCase(withoutPooling))
        .containsExactly("avgPool2d", "avgPool2dBackward", "maxPool2d", "maxPool2dBackward");
    assertThat(gradientsWithoutCase(withoutPooling))
        .containsExactly(
            "dev.crema.op.Pool$AvgPoolBackwardGrad",
            "dev.crema.op.Pool$AvgPoolGrad",
            "dev.crema.op.Pool$MaxPoolBackwardGrad",
            "dev.crema.op.Pool$MaxPoolGrad",
            "dev.crema.op.Shaping$ToDeviceGrad");
  }

  @Test
  void caseNamesAreUnique() {
    assertThat(OpCases.all().stream().map(OpCase::toString)).doesNotHaveDuplicates();
  }

  private static List<OpCase> smallCases() {
    return OpCases.all().stream().filter(c -> !c.large()).toList();
  }

  /** What no case calls of the backend: neither directly nor through a gradient. */
  private static Set<String> callsWithoutCase(List<OpCase> cases) {
    Set<String> missing = Recording.allCalls();
    missing.removeAll(
        Recording.callsOf(() -> cases.forEach(c -> Outcome.of(c, DType.F32, Recording.DEVICE))));
    // What people and benchmarks ask a backend; its subclass of the suite looks at the others.
    missing.removeAll(Set.of("description", "memoryStats", "wrap", "mark", "launches"));
    return missing;
  }

  /** The gradient records of which no case is held against differences, at either order. */
  private static Set<String> gradientsWithoutCase(List<OpCase> cases) throws Exception {
    Set<String> missing = allGradients();
    rules(cases).forEach(rule -> missing.remove(rule.gradient()));
    return missing;
  }

  private static Set<Rule> rules(List<OpCase> cases) {
    Set<Rule> rules = new HashSet<>();
    for (OpCase c : cases) {
      if (c.isGradcheckable()) {
        rules.addAll(RULES.computeIfAbsent(c.toString(), _ -> rules(c)));
      }
    }
    return rules;
  }

  private static Set<Rule> rules(OpCase c) {
    Set<Rule> rules = new HashSet<>();
    for (int order = 1; order <= c.order(); order++) {
      rules.addAll(c.gradcheck(order, DType.F64, ReferenceBackend.DEVICE).rules());
    }
    return rules;
  }

  /** Every record in dev.crema.op that implements Vjp, found among the compiled classes. */
  private static Set<String> allGradients() throws Exception {
    URI folder = Pointwise.class.getResource("Pointwise.class").toURI().resolve(".");
    try (Stream<Path> files = Files.list(Path.of(folder))) {
      Set<String> gradients = new TreeSet<>();
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        String name = file.getFileName().toString().replace(".class", "");
        Class<?> type = Class.forName(Pointwise.class.getPackageName() + "." + name);
        if (Vjp.class.isAssignableFrom(type)) {
          gradients.add(type.getName());
        }
      }
      assertThat(gradients).contains("dev.crema.op.Pointwise$UnaryGrad");
      return gradients;
    }
  }

  private static Set<String> differentiableElementwiseOps() {
    Set<String> ops = new TreeSet<>();
    for (UnaryOp op : UnaryOp.values()) {
      if (op != UnaryOp.NOT) {
        ops.add(op.name().toLowerCase(Locale.ROOT));
      }
    }
    for (BinaryOp op : BinaryOp.values()) {
      if (!op.isComparison() && !op.isLogical()) {
        ops.add(op.name().toLowerCase(Locale.ROOT).replaceAll("^(max|min)$", "$1imum"));
      }
    }
    return ops;
  }
}
