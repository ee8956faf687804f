package dev.crema.natives;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.crema.nn.io.AtomicFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the GPU tests where there is no Maven: prints what failed and why something was skipped, and
 * writes the same as JSON into the folder {@code crema.results}.
 */
public final class RunTests {
  private static final Map<String, List<DiscoverySelector>> PARTS =
      Map.of(
          "tck",
          List.of(
              selectClass(GpuConformanceTest.class),
              selectClass(GpuPartsTest.class),
              selectClass(GpuTrainingTest.class)),
          "mixed",
          List.of(selectClass(GpuHalfTrainingTest.class)),
          "sanitize",
          List.of(
              selectMethod(GpuConformanceTest.class, "forward"),
              selectNestedClass(List.of(GpuPartsTest.class), GpuPartsTest.Kernels.class)),
          "soak",
          List.of(selectClass(GpuSoakTest.class)));

  /** Keeps the JSON as it goes: a run that is cut off leaves what it had, not complete. */
  private static final class Listener implements TestExecutionListener {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long EVERY_NANOS = 2_000_000_000L;

    private final String part;
    private final Path file;
    private final Map<String, String> failed = new TreeMap<>();
    private final Map<String, String> skipped = new TreeMap<>();
    private final List<String> path = new ArrayList<>();
    private long passed;
    private long written;

    private Listener(String part, Path file) {
      this.part = part;
      this.file = file;
    }

    @Override
    public void executionStarted(TestIdentifier test) {
      path.add(test.getDisplayName());
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
      skipped.put(name(test.getDisplayName()), reason);
      write(false);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      String name = name("");
      path.removeLast();
      String why = result.getThrowable().map(Throwable::toString).orElse("");
      switch (result.getStatus()) {
        case SUCCESSFUL -> passed += test.isTest() ? 1 : 0;
        case ABORTED -> skipped.put(name, why);
        case FAILED -> {
          failed.put(name, why);
          System.out.printf("FAILED %s%n  %s%n", name, why.replace("\n", "\n  "));
        }
      }
      if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL
          || System.nanoTime() - written > EVERY_NANOS) {
        write(false);
      }
    }

    private String name(String last) {
      String outer = String.join(" / ", path.subList(Math.min(1, path.size()), path.size()));
      return last.isEmpty() ? outer : outer + " / " + last;
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
      Map<String, List<String>> reasons = new TreeMap<>();
      skipped.forEach(
          (name, why) -> reasons.computeIfAbsent(why, _ -> new ArrayList<>()).add(name));
      reasons.forEach(
          (why, names) ->
              System.out.printf("skipped: %s%n  %s%n", why, String.join("\n  ", names)));
      System.out.printf(
          "%d passed, %d failed, %d skipped%n", passed, failed.size(), skipped.size());
      write(true);
    }

    private void write(boolean complete) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("part", part);
      json.put("complete", complete);
      json.put("passed", passed);
      json.put("failed", failed);
      json.put("skipped", skipped);
      try {
        AtomicFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
      written = System.nanoTime();
    }
  }

  private RunTests() {}

  /**
   * Runs a part: tck, sanitize, soak, or a test class or method by its name. Exit code 0: all that
   * ran passed, and something ran; 3: nothing ran.
   */
  public static void main(String[] args) {
    String part = args.length == 1 ? args[0] : "tck";
    List<DiscoverySelector> selectors =
        PARTS.getOrDefault(
            part, List.of(part.contains("#") ? selectMethod(part) : selectClass(part)));
    String file = part.substring(part.lastIndexOf('.') + 1) + ".json";
    Path results = Path.of(System.getProperty("crema.results", "."));
    Listener listener = new Listener(part, results.resolve(file));
    var request = LauncherDiscoveryRequestBuilder.request().selectors(selectors).build();
    LauncherFactory.create().execute(request, listener);
    System.exit(!listener.failed.isEmpty() ? 1 : listener.passed == 0 ? Claim.SKIPPED : 0);
  }
}
