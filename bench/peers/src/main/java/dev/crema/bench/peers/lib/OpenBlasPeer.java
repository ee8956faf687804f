package dev.crema.bench.peers.lib;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import dev.crema.bench.peers.task.GemmTask;
import dev.crema.bench.peers.task.Task;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.jspecify.annotations.Nullable;

/**
 * OpenBLAS with the best kernels for this CPU's instructions. Left to itself it goes by the CPU's
 * name, and takes AVX2 on those that it does not know.
 */
final class OpenBlasPeer implements Peer {
  private static final Set<String> AVX512 =
      Set.of("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl");

  private final SymbolLookup library;

  OpenBlasPeer() throws IOException {
    prepare();
    Path glue = Path.of(Loader.load(openblas_nolapack.class));
    library =
        SymbolLookup.libraryLookup(
            glue.resolveSibling("libopenblas_nolapack.so.0"), Arena.global());
  }

  /** Must come before any of bytedeco's libraries is loaded. */
  static void prepare() throws IOException {
    System.setProperty("org.bytedeco.javacpp.cachedir", Natives.folder("javacpp").toString());
    if (cpuFlags().containsAll(AVX512)) {
      Natives.defaultVariable("OPENBLAS_CORETYPE", "SKYLAKEX");
    }
  }

  private static Set<String> cpuFlags() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(line -> Set.of(line.replaceFirst(".*:\\s*", "").split(" ")))
          .orElse(Set.of());
    }
  }

  @Override
  public String name() {
    return "OpenBLAS";
  }

  @Override
  public String details() {
    return "%s, kernels: %s"
        .formatted(
            Natives.string(library, "openblas_get_config").strip(),
            Natives.string(library, "openblas_get_corename"));
  }

  @Override
  public void setThreads(int threads) {
    Natives.call(library, "openblas_set_num_threads", threads);
  }

  @Override
  public @Nullable Contender contender(Task task) {
    return task instanceof GemmTask t ? new Gemm(t) : null;
  }

  private static final class Gemm implements Contender {
    private final GemmTask task;
    private final FloatPointer a;
    private final FloatPointer b;
    private final FloatPointer c;

    Gemm(GemmTask task) {
      this.task = task;
      a = new FloatPointer(task.a().length).put(task.a());
      b = new FloatPointer(task.b().length).put(task.b());
      c = new FloatPointer((long) task.m() * task.n());
    }

    @Override
    public void run() {
      int m = task.m();
      int n = task.n();
      int k = task.k();
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, a, k, b, n, 0, c, n);
    }

    @Override
    public List<float[]> compute() {
      run();
      float[] result = new float[task.m() * task.n()];
      c.get(result);
      return List.of(result);
    }

    @Override
    public void close() {
      a.close();
      b.close();
      c.close();
    }
  }
}
