package dev.crema.bench;

import dev.crema.cpu.Parallel;
import dev.crema.cpu.gemm.Gemm;
import dev.crema.cpu.gemm.GemmKernel;
import dev.crema.tensor.DType;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Matrix products on one thread. The default is the house's yardstick, 1024³; with {@code -prof
 * gc}, {@code gc.alloc.rate.norm} must be about 0 B/op. Other shapes are {@code -p shape=}: m x n x
 * k, then {@code A} or {@code B} for a transposed operand. A linear layer is 64x120x400B, its
 * input's gradient 64x400x120, its weight's 120x400x64A.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class GemmBenchmark {
  @Param("1024x1024x1024")
  public String shape = "";

  @Param("F32")
  public DType dtype = DType.F32;

  @Param("1")
  public int threads = 1;

  private GemmKernel kernel = GemmKernel.of(DType.F32);
  private int m;
  private int n;
  private int k;
  private boolean aTransposed;
  private boolean bTransposed;
  private Object a = new float[0];
  private Object b = new float[0];
  private Object c = new float[0];

  @Setup
  public void setUp() {
    Parallel.setNumThreads(threads);
    String[] sizes = shape.replaceAll("[AB]", "").split("x");
    m = Integer.parseInt(sizes[0]);
    n = Integer.parseInt(sizes[1]);
    k = Integer.parseInt(sizes[2]);
    aTransposed = shape.contains("A");
    bTransposed = shape.contains("B");
    kernel = GemmKernel.of(dtype);
    a = random(m * k);
    b = random(k * n);
    c = random(m * n);
  }

  @Benchmark
  public Object gemm(Gflops counter) {
    counter.add(2.0 * m * n * k);
    Gemm.run(
        kernel,
        m,
        n,
        k,
        a,
        0,
        aTransposed ? 1 : k,
        aTransposed ? m : 1,
        b,
        0,
        bTransposed ? 1 : n,
        bTransposed ? k : 1,
        c,
        0,
        n,
        false);
    return c;
  }

  private Object random(int length) {
    double[] x = new Random(length).doubles(length, -1, 1).toArray();
    if (dtype == DType.F64) {
      return x;
    }
    float[] y = new float[length];
    for (int i = 0; i < length; i++) {
      y[i] = (float) x[i];
    }
    return y;
  }
}
