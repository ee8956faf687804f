package dev.crema.bench.peers.lib;

import dev.crema.bench.peers.task.GemmTask;
import dev.crema.bench.peers.task.Task;
import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** netlib's BLAS on the Vector API. It has one thread. */
final class VectorBlasPeer implements Peer {
  /** It looks for a system's BLAS too, and warns when there is none. */
  private static final Logger LOG = Logger.getLogger("dev.ludovic.netlib.blas.InstanceBuilder");

  private final BLAS blas;
  private int threads = 1;

  VectorBlasPeer() {
    LOG.setLevel(Level.OFF);
    blas = JavaBLAS.getInstance();
    if (!blas.getClass().getSimpleName().equals("VectorBLAS")) {
      throw new UnsupportedOperationException(
          "netlib chose " + blas.getClass().getSimpleName() + " for this JVM");
    }
  }

  @Override
  public String name() {
    return "VectorBLAS";
  }

  @Override
  public String details() {
    return "netlib's %s, one thread".formatted(blas.getClass().getSimpleName());
  }

  @Override
  public void setThreads(int threads) {
    this.threads = threads;
  }

  @Override
  public @Nullable Contender contender(Task task) {
    return threads == 1 && task instanceof GemmTask t ? gemm(t) : null;
  }

  /** Its matrices are by columns: Cᵀ = Bᵀ·Aᵀ. */
  private Contender gemm(GemmTask t) {
    float[] c = new float[t.m() * t.n()];
    return new Contender() {
      @Override
      public void run() {
        blas.sgemm("N", "N", t.n(), t.m(), t.k(), 1, t.b(), t.n(), t.a(), t.k(), 0, c, t.n());
      }

      @Override
      public List<float[]> compute() {
        run();
        return List.of(c.clone());
      }

      @Override
      public void close() {}
    };
  }
}
