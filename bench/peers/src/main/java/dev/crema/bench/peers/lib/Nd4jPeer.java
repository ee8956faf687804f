package dev.crema.bench.peers.lib;

import dev.crema.bench.peers.task.GemmTask;
import dev.crema.bench.peers.task.Task;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** ND4J, the arrays of DL4J, with OpenBLAS inside. */
final class Nd4jPeer implements Peer {

  Nd4jPeer() throws IOException {
    OpenBlasPeer.prepare();
    Nd4j.create(1).close();
  }

  @Override
  public String name() {
    return "ND4J";
  }

  @Override
  public String details() {
    var info = Nd4j.getExecutioner().getEnvironmentInformation();
    return "ND4J on " + info.get("blas.vendor");
  }

  @Override
  public void setThreads(int threads) {
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
    Nd4j.getEnvironment().setMaxMasterThreads(threads);
    org.bytedeco.openblas.global.openblas.blas_set_num_threads(threads);
  }

  @Override
  public @Nullable Contender contender(Task task) {
    return task instanceof GemmTask t ? new Gemm(t) : null;
  }

  private static final class Gemm implements Contender {
    private final INDArray a;
    private final INDArray b;
    private final INDArray c;

    Gemm(GemmTask task) {
      a = Nd4j.create(task.a(), new long[] {task.m(), task.k()}, 'c');
      b = Nd4j.create(task.b(), new long[] {task.k(), task.n()}, 'c');
      c = Nd4j.create(DataType.FLOAT, new long[] {task.m(), task.n()}, 'f');
    }

    @Override
    public void run() {
      a.mmuli(b, c);
    }

    @Override
    public List<float[]> compute() {
      run();
      try (INDArray rows = c.dup('c')) {
        return List.of(rows.data().asFloat());
      }
    }

    @Override
    public void close() {
      a.close();
      b.close();
      c.close();
    }
  }
}
