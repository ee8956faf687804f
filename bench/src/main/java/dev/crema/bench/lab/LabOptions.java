package dev.crema.bench.lab;

import dev.crema.cpu.conv.ConvAlgorithm;
import dev.crema.tensor.DType;
import java.util.List;
import java.util.Set;

/**
 * What the lab does.
 *
 * @param algorithms which are tried, in this order
 * @param named whether they were asked for by name, so that even slow ones run
 * @param modes what is found out
 * @param threads how many compute
 * @param maxMs how long each algorithm is timed, per problem and direction
 * @param coldCache whether caches are emptied before each timed call
 */
public record LabOptions(
    List<ConvAlgorithm> algorithms,
    boolean named,
    Set<Mode> modes,
    int threads,
    double maxMs,
    boolean coldCache,
    DType dtype) {

  /** What is found out of an algorithm. Correctness always is: nothing wrong is timed. */
  public enum Mode {
    /** C: error against f64, workspace. */
    CORRECTNESS,
    /** P: time. */
    PERFORMANCE,
    /** B: the same bits again, on one thread and on many. */
    BITWISE
  }
}
