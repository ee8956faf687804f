package dev.crema.cpu.random;

import dev.crema.backend.RandomOp;
import dev.crema.backend.View;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.memory.BufferPool;
import dev.crema.cpu.memory.CpuBuffer;
import dev.crema.tensor.Philox;

/**
 * Draws from a distribution: uniform numbers for a tile of whole Philox blocks, then what the
 * distribution makes of them.
 */
public final class RandomFill {
  private static final int TILE = 512;

  /** A block costs about as much as 40 simple steps. */
  private static final int WORK = 10;

  private RandomFill() {}

  /** Fills y from the stream {@code seed}, starting at block {@code offset}. */
  public static void run(RandomOp op, double a, double b, long seed, long offset, View y) {
    int n = (int) y.numel();
    int at = CpuBuffer.at(y);
    int grain = Math.ceilDiv(Parallel.grain(WORK), TILE) * TILE;
    Parallel.range(
        n,
        grain,
        (from, to) -> {
          int[] words = new int[4];
          Object u = BufferPool.shared().take(y.dtype(), TILE);
          for (int first = from; first < to; first += TILE) {
            int count = Math.min(TILE, to - first);
            if (u instanceof float[] f) {
              uniform(seed, offset + first / 4, words, f, count);
              draw(op, a, b, f, CpuBuffer.f32(y), at + first, count);
            } else {
              double[] d = (double[]) u;
              uniform(seed, offset + first / 2, words, d, count);
              draw(op, a, b, d, CpuBuffer.f64(y), at + first, count);
            }
          }
          BufferPool.shared().give(u);
        });
  }

  /** The first n of u, and the rest of the last block. */
  private static void uniform(long seed, long block, int[] words, float[] u, int n) {
    for (int i = 0; i < n; i += 4) {
      Philox.block(seed, block + i / 4, words);
      u[i] = Philox.uniform(words[0]);
      u[i + 1] = Philox.uniform(words[1]);
      u[i + 2] = Philox.uniform(words[2]);
      u[i + 3] = Philox.uniform(words[3]);
    }
  }

  private static void uniform(long seed, long block, int[] words, double[] u, int n) {
    for (int i = 0; i < n; i += 2) {
      Philox.block(seed, block + i / 2, words);
      u[i] = Philox.uniform(words[0], words[1]);
      u[i + 1] = Philox.uniform(words[2], words[3]);
    }
  }

  private static void draw(RandomOp op, double a, double b, float[] u, float[] y, int at, int n) {
    float p = (float) a;
    float q = (float) b;
    switch (op) {
      case UNIFORM -> {
        float last = q > p ? Math.nextDown(q) : Float.POSITIVE_INFINITY;
        for (int i = 0; i < n; i++) {
          y[at + i] = Math.min(last, p + u[i] * (q - p)); // The sum may round up to q.
        }
      }
      case BERNOULLI -> {
        for (int i = 0; i < n; i++) {
          y[at + i] = u[i] < p ? q : 0;
        }
      }
      case NORMAL -> {
        for (int i = 0; i < n; i += 2) {
          double r = StrictMath.sqrt(-2 * StrictMath.log(1 - (double) u[i]));
          double angle = 2 * Math.PI * u[i + 1];
          y[at + i] = (float) (a + b * (r * StrictMath.cos(angle)));
          if (i + 1 < n) {
            y[at + i + 1] = (float) (a + b * (r * StrictMath.sin(angle)));
          }
        }
      }
    }
  }

  private static void draw(RandomOp op, double a, double b, double[] u, double[] y, int at, int n) {
    double p = a;
    double q = b;
    switch (op) {
      case UNIFORM -> {
        double last = q > p ? Math.nextDown(q) : Double.POSITIVE_INFINITY;
        for (int i = 0; i < n; i++) {
          y[at + i] = Math.min(last, p + u[i] * (q - p)); // The sum may round up to q.
        }
      }
      case BERNOULLI -> {
        for (int i = 0; i < n; i++) {
          y[at + i] = u[i] < p ? q : 0;
        }
      }
      case NORMAL -> {
        for (int i = 0; i < n; i += 2) {
          double r = StrictMath.sqrt(-2 * StrictMath.log(1 - u[i]));
          double angle = 2 * Math.PI * u[i + 1];
          y[at + i] = (a + b * (r * StrictMath.cos(angle)));
          if (i + 1 < n) {
            y[at + i + 1] = (a + b * (r * StrictMath.sin(angle)));
          }
        }
      }
    }
  }
}
