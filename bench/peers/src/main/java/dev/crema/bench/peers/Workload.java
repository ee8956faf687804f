package dev.crema.bench.peers;

import dev.crema.bench.peers.task.Task;
import java.util.function.Supplier;

/**
 * A row of the table.
 *
 * @param group rows of one table, and of one geometric mean
 * @param flops operations of one run, a multiply-add being two: what is shown, and how long it
 *     takes
 * @param images of one run: what is shown instead, if above 0
 * @param task makes the data; it is held only while this row is measured
 */
record Workload(Group group, String name, double flops, int images, Supplier<Task> task) {

  /** The tables, in their order. */
  enum Group {
    GEMM("gemm", "C = A·B"),
    CONV_FORWARD("conv", "convolution, forward"),
    CONV_BACKWARD("conv", "convolution, forward and backward (input and weight)"),
    TRAIN("train", "training step: SGD with momentum"),
    INFER("infer", "inference");

    private final String option;
    private final String title;

    Group(String option, String title) {
      this.option = option;
      this.title = title;
    }

    /** Its name after {@code --only}. */
    String option() {
      return option;
    }

    String title() {
      return title;
    }
  }

  /** Images or 10⁹ operations a second. */
  double rate(double ms) {
    return images > 0 ? images / ms * 1e3 : flops / ms * 1e-6;
  }

  String unit() {
    return images > 0 ? "images/s" : "GFLOP/s";
  }
}
