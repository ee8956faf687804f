package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.backend.View;
import dev.crema.bench.lab.ConvProblem;
import dev.crema.bench.lab.DeviceLab;
import dev.crema.bench.lab.Layer;
import dev.crema.bench.lab.Peak;
import dev.crema.bench.lab.Row;
import dev.crema.cpu.conv.Direction;
import dev.crema.cuda.Cuda;
import dev.crema.cuda.cudnn.Pinned;
import dev.crema.examples.Crema;
import dev.crema.examples.cli.Terminal;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.UnsupportedOpException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The lab's rows on a device: cuDNN's algorithms, each by itself, and im2col with cuBLAS. */
@OnCpuDriver
@Execution(ExecutionMode.SAME_THREAD)
final class DeviceLabTest {
  private static final String PROBLEM = "mb2ic3ih8oc4oh8kh3ph1";

  @Test
  void everyAlgorithmIsCheckedAndTimed() {
    var out = new StringWriter();
    int code =
        Crema.run(
            new Terminal(new PrintWriter(out), new PrintWriter(out), false),
            "conv",
            "--device",
            "cuda",
            "--dir",
            "all",
            "--max-ms",
            "1",
            "--format",
            "csv",
            PROBLEM);
    assertThat(code).as(out.toString()).isZero();
    assertThat(out.toString()).contains("implicit_gemm", "winograd", "bwd_w");
    assertThat(out.toString().lines().filter(l -> l.contains(",ok,") && l.contains("im2col")))
        .hasSize(3);
  }

  @Test
  void whatOnlyTheCpuHasIsRefused() {
    var out = new StringWriter();
    var terminal = new Terminal(new PrintWriter(out), new PrintWriter(out), false);
    assertThat(Crema.run(terminal, "conv", "--device", "cuda", "--threads", "2", PROBLEM))
        .isEqualTo(2);
    assertThat(out.toString()).contains("--device cuda: expected cpu, or cuda without --alg");
  }

  @Test
  void whatConvolutionsTakeIsMarkedOnce() {
    for (var direction : dev.crema.cuda.cudnn.Direction.values()) {
      List<Pinned> all =
          Cuda.convolutions(Device.cuda(), ConvProblem.parse(PROBLEM).plan(DType.F32), direction);
      assertThat(all.stream().filter(Pinned::auto)).as(direction + "").hasSize(1);
      assertThat(all.getLast().workspaceBytes()).isEqualTo(2L * 3 * 9 * 64 * Float.BYTES);
    }
  }

  @Test
  void aWrongResultFailsAndARefusalDeclines() {
    Layer layer =
        new DeviceLab(Device.cuda(), 1, new Peak(1, 1))
            .measure(
                ConvProblem.parse(PROBLEM),
                DType.F32,
                Direction.FORWARD,
                List.of(
                    new Does("nothing", () -> {}),
                    new Does(
                        "refuses",
                        () -> {
                          throw new UnsupportedOpException("conv2d: not today");
                        })));
    assertThat(layer.rows())
        .extracting(Row::status)
        .containsExactly(Row.Status.FAILED, Row.Status.DECLINED);
    assertThat(layer.rows().getLast().note()).isEqualTo("conv2d: not today");
    assertThat(layer.passed()).isFalse();
  }

  private record Does(String name, Runnable what) implements DeviceLab.Contender {
    @Override
    public @Nullable String declines() {
      return null;
    }

    @Override
    public long workspaceBytes() {
      return 0;
    }

    @Override
    public boolean auto() {
      return false;
    }

    @Override
    public void run(View a, View b, View result) {
      what.run();
    }
  }
}
