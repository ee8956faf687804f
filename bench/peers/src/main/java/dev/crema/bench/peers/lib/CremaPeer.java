package dev.crema.bench.peers.lib;

import dev.crema.autograd.NoGrad;
import dev.crema.backend.Backends;
import dev.crema.bench.peers.task.ConvTask;
import dev.crema.bench.peers.task.GemmTask;
import dev.crema.bench.peers.task.InferTask;
import dev.crema.bench.peers.task.Task;
import dev.crema.bench.peers.task.TrainTask;
import dev.crema.cpu.Parallel;
import dev.crema.tensor.Conv2dOptions;
import dev.crema.tensor.Device;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.util.List;
import java.util.Objects;

/** Crema, through the calls that its users have. */
final class CremaPeer implements Peer {

  @Override
  public String name() {
    return "Crema";
  }

  @Override
  public String details() {
    return Backends.get(Device.cpu()).description();
  }

  @Override
  public void setThreads(int threads) {
    Parallel.setNumThreads(threads);
  }

  @Override
  public Contender contender(Task task) {
    return switch (task) {
      case GemmTask t -> gemm(t);
      case ConvTask t -> t.backward() ? convBackward(t) : conv(t);
      case TrainTask t -> new CremaTraining(t);
      case InferTask t -> CremaTraining.inference(t);
    };
  }

  private static Contender gemm(GemmTask task) {
    Tensor a = Tensor.wrap(task.a(), task.m(), task.k());
    Tensor b = Tensor.wrap(task.b(), task.k(), task.n());
    return new Scoped(() -> List.of(a.matmul(b)), false);
  }

  private static Contender conv(ConvTask task) {
    Tensor x = Tensor.wrap(task.x(), task.xShape());
    Tensor w = Tensor.wrap(task.w(), task.wShape());
    Conv2dOptions options = task.problem().options();
    return new Scoped(() -> List.of(x.conv2d(w, null, options)), false);
  }

  private static Contender convBackward(ConvTask task) {
    Tensor x = Tensor.wrap(task.x(), task.xShape()).requiresGrad_();
    Tensor w = Tensor.wrap(task.w(), task.wShape()).requiresGrad_();
    Tensor gy = Tensor.wrap(task.gy(), task.yShape());
    Conv2dOptions options = task.problem().options();
    return new Scoped(
        () -> {
          x.zeroGrad();
          w.zeroGrad();
          Tensor y = x.conv2d(w, null, options);
          y.backward(gy, false, false);
          return List.of(y, grad(x), grad(w));
        },
        true);
  }

  private static Tensor grad(Tensor t) {
    return Objects.requireNonNull(t.grad());
  }

  /** What makes tensors, and which of them are results. */
  @FunctionalInterface
  interface Body {
    List<Tensor> run();
  }

  /** Runs in a scope of its own. */
  record Scoped(Body body, boolean gradients) implements Contender {
    @Override
    public void run() {
      if (gradients) {
        scoped();
      } else {
        try (var _ = NoGrad.open()) {
          scoped();
        }
      }
    }

    private void scoped() {
      try (Scope _ = Scope.open("run")) {
        body.run();
      }
    }

    @Override
    public List<float[]> compute() {
      try (Scope _ = Scope.open("compute")) {
        return body.run().stream().map(Tensor::toFloatArray).toList();
      }
    }

    /** Arrays are the garbage collector's. */
    @Override
    public void close() {}
  }
}
