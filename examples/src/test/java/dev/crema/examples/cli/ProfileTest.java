package dev.crema.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.crema.backend.Backend;
import dev.crema.backend.Backends;
import dev.crema.bench.lab.NetworkStep;
import dev.crema.bench.profile.Call;
import dev.crema.bench.profile.ChromeTrace;
import dev.crema.bench.profile.Profile;
import dev.crema.bench.profile.Profiler;
import dev.crema.bench.profile.Total;
import dev.crema.examples.Shell;
import dev.crema.nn.Linear;
import dev.crema.nn.Module;
import dev.crema.nn.models.Models;
import dev.crema.tensor.ClosedException;
import dev.crema.tensor.Device;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import dev.crema.tensor.UnsupportedOpException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The profiler's sums, and what it was told of a network that is known. */
@Isolated("it stands in front of the process's one CPU backend")
class ProfileTest {
  private static Profile lenet(boolean train, int steps) {
    try (Profiler profiler = Profiler.open(Device.cpu());
        var step = new NetworkStep(Models.get("lenet"), 4, train, Device.cpu())) {
      step.run();
      profiler.start();
      for (int i = 0; i < steps; i++) {
        step.run();
        profiler.step();
      }
      return profiler.stop();
    }
  }

  @Test
  void totals_add_up() {
    Profile profile = lenet(true, 3);
    assertThat(profile.betweenNanos()).isBetween(0L, profile.nanos());
    for (List<Total> totals : List.of(profile.byOp(), profile.byLayer())) {
      assertThat(totals.stream().mapToLong(Total::nanos).sum()).isEqualTo(profile.opNanos());
      assertThat(totals.stream().mapToInt(Total::calls).sum()).isEqualTo(profile.calls().size());
      assertThat(totals.stream().mapToDouble(Total::flops).sum())
          .isEqualTo(profile.calls().stream().mapToDouble(Call::flops).sum());
    }
    long end = 0;
    for (Call call : profile.calls()) {
      assertThat(call.start()).isGreaterThanOrEqualTo(end);
      end = call.start() + call.nanos();
    }
    assertThat(end).isLessThanOrEqualTo(profile.nanos());
    assertThat(profile.stepNanos()).hasSize(3);
    assertThat(profile.stepNanos().stream().mapToLong(Long::longValue).sum())
        .isBetween(end, profile.nanos());
  }

  @Test
  void every_op_is_counted_in_its_layer_forward_and_backward() {
    Profile profile = lenet(true, 2);
    Map<String, Long> calls =
        profile.calls().stream().collect(Collectors.groupingBy(Call::op, Collectors.counting()));
    // Two convolutions and three linear layers; nobody asks for the gradient of the images.
    assertThat(calls)
        .containsEntry("conv2d", 2 * 2L)
        .containsEntry("conv2d_backward_weight", 2 * 2L)
        .containsEntry("conv2d_backward_input", 2L)
        .containsEntry("cross_entropy", 2L)
        .containsEntry("sgd_step", 2L);
    assertThat(profile.calls())
        .filteredOn(call -> call.op().startsWith("conv2d"))
        .extracting(Call::layer)
        .containsOnly("features.0", "features.3");
    assertThat(profile.calls())
        .filteredOn(call -> call.op().equals("sgd_step"))
        .allSatisfy(call -> assertThat(call.layer()).isEmpty())
        .allSatisfy(call -> assertThat(call.bytes()).isEqualTo(3 * 4 * 61_706));
    // Per image 400·120, 120·84 and 84·10 multiply-adds, forward and for each of two gradients.
    assertThat(profile.byLayer())
        .filteredOn(layer -> layer.name().startsWith("classifier"))
        .extracting(Total::flops)
        .containsExactlyInAnyOrder(2 * 4 * 6.0 * 48_000, 2 * 4 * 6.0 * 10_080, 2 * 4 * 6.0 * 840);
    assertThat(profile.allocations()).isPositive();
  }

  @Test
  void without_a_profiler_nothing_is_in_the_way() {
    lenet(false, 1);
    assertThat(Backends.get(Device.cpu()).getClass().getSimpleName()).isEqualTo("CpuBackend");
  }

  @Test
  void a_model_may_be_older_and_a_tensor_younger_than_its_profiler() {
    try (Scope _ = Scope.open("test");
        Module model = new Linear(3, 2)) {
      Tensor x = Tensor.ones(4, 3);
      Tensor before = model.call(x);
      Tensor during;
      try (Profiler profiler = Profiler.open(Device.cpu())) {
        profiler.start();
        during = model.call(x);
        assertThat(profiler.stop().calls()).extracting(Call::op).containsExactly("matmul");
      }
      assertThat(during.sub(before).toFloatArray()).containsOnly(0);
      during.sum().backward();
      assertThat(model.call(during.detach().matmul(Tensor.ones(2, 3))).shape()).isNotNull();
    }
  }

  @Test
  void wrong_uses_are_refused_and_leave_nothing_behind() {
    Backend real = Backends.get(Device.cpu());
    Profiler first = Profiler.open(Device.cpu());
    assertThatExceptionOfType(UnsupportedOpException.class)
        .isThrownBy(() -> Profiler.open(Device.cpu()))
        .withMessageContaining("looks on at its backend already");
    assertThatExceptionOfType(UnsupportedOpException.class)
        .isThrownBy(first::stop)
        .withMessageContaining("stop() without a start");
    first.start();
    assertThatExceptionOfType(UnsupportedOpException.class)
        .isThrownBy(first::start)
        .withMessageContaining("started twice");
    first.close();
    assertThat(Backends.get(Device.cpu())).isSameAs(real);
    for (ThrowingCallable use : List.<ThrowingCallable>of(first::start, first::stop)) {
      assertThatExceptionOfType(ClosedException.class)
          .isThrownBy(use)
          .withMessageContaining("used after close()");
    }
    try (Profiler second = Profiler.open(Device.cpu())) {
      first.close();
      second.start();
      Tensor.ones(1).close();
      assertThat(second.stop().calls()).as("the second's").hasSize(1);
    }
    assertThat(Backends.get(Device.cpu())).isSameAs(real);
  }

  @Test
  void a_trace_holds_every_op(@TempDir Path folder) throws IOException {
    Profile profile = lenet(false, 2);
    Path file = folder.resolve("trace.json");
    ChromeTrace.write(profile, file);
    JsonNode events = new ObjectMapper().readTree(file.toFile()).get("traceEvents");
    Map<String, String> layers = new HashMap<>();
    Map<String, Integer> kinds = new HashMap<>();
    for (JsonNode e : events) {
      kinds.merge(e.path("cat").asText(e.get("ph").asText()), 1, Integer::sum);
      if (e.path("cat").asText("").equals("op")) {
        layers.put(e.get("name").asText(), e.get("args").get("layer").asText());
      }
    }
    assertThat(kinds)
        .containsEntry("op", profile.calls().size())
        .containsEntry("step", 2)
        .containsEntry("M", 3);
    assertThat(layers).containsEntry("conv2d", "features.3").containsKey("max_pool2d");
  }

  @Test
  void the_command_prints_ops_and_layers() {
    Shell result = Shell.run("profile", "lenet", "--batch", "2", "--steps", "1", "--train");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("limits here", "conv2d_backward_weight", "features.3", "between them")
        .doesNotContain("launches", "kernels");
  }

  @Test
  void what_cannot_be_profiled_is_refused_before_anything_runs(@TempDir Path folder) {
    refused("--steps: expected at least 1, got 0", "--steps", "0");
    refused("--batch: expected at least 1, got 0", "--batch", "0");
    refused("--precision: expected f32 on the CPU, got tf32", "--precision", "tf32");
    refused("--graphs: a step that is one CUDA graph", "--graphs");
    refused("there is no folder", "--trace", folder.resolve("none/trace.json").toString());
    refused("is a folder", "--trace", folder.toString());
  }

  private static void refused(String message, String... options) {
    List<Object> words = new ArrayList<>(List.of("profile", "lenet"));
    words.addAll(List.of(options));
    Shell result = Shell.run(words.toArray());
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains(message);
  }
}
