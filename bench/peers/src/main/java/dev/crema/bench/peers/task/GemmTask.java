package dev.crema.bench.peers.task;

/**
 * C [m, n] = A [m, k] · B [k, n], by rows.
 *
 * @param a A
 * @param b B
 */
public record GemmTask(int m, int n, int k, float[] a, float[] b) implements Task {

  /** With numbers from −1 to 1. */
  public static GemmTask of(int m, int n, int k) {
    return new GemmTask(m, n, k, Data.uniform(m * k, 1), Data.uniform(k * n, 2));
  }
}
