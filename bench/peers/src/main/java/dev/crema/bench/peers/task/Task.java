package dev.crema.bench.peers.task;

/** Something that several libraries can do, with its data. Inputs are never changed. */
public sealed interface Task permits GemmTask, ConvTask, TrainTask, InferTask {

  /**
   * How often results are compared before anything is timed: training goes on from its own results.
   */
  default int rounds() {
    return 1;
  }

  /** How much results may differ: the root mean square of the differences, over the results'. */
  default double tolerance() {
    return 2e-4;
  }
}
