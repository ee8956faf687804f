package dev.crema.cuda.driver;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;
import jcuda.jcudnn.JCudnn;
import org.jspecify.annotations.Nullable;

/**
 * The native libraries, loaded once: the driver, cuBLAS, and cuDNN where there is one. This is the
 * one place that a LinkageError can come from, and it becomes a reason in words.
 */
public final class Natives {
  /** cuDNN's library. */
  public static final String DNN = "libcudnn.so.9";

  private static final int CUDA_13 = 13000;

  /** What is missing, in words. */
  private static final class Missing extends Exception {
    private static final long serialVersionUID = 1;

    private Missing(String message) {
      super(message);
    }
  }

  private static final class Holder {
    private static final Natives NATIVES = new Natives();
  }

  private final Libraries libraries = new Libraries();
  private @Nullable String fault;
  private @Nullable String dnnFault;
  private int driverVersion;
  private int blasMajor;
  private int deviceCount;

  private Natives() {
    try {
      load();
    } catch (Missing e) {
      fault = e.getMessage();
    } catch (IllegalCallerException _) {
      fault = "this JVM refuses native access; run it with --enable-native-access=ALL-UNNAMED";
    }
  }

  /** Loads everything, the first time. */
  public static Natives get() {
    return Holder.NATIVES;
  }

  /** Why there is no CUDA here, with the fix, or null when there is. */
  public @Nullable String fault() {
    return fault;
  }

  /** Why there is no cuDNN here, with the fix, or null when there is. */
  public @Nullable String dnnFault() {
    return dnnFault;
  }

  /** The newest CUDA that the driver supports, such as 13000 for 13.0. */
  public int driverVersion() {
    return driverVersion;
  }

  public int deviceCount() {
    return deviceCount;
  }

  /** The file behind a library that is loaded, such as libcublas.so, for people. */
  public static String path(String name) {
    Path path = Libraries.loaded(name);
    return path == null ? "not loaded" : path.toString();
  }

  private void load() throws Missing {
    String os = System.getProperty("os.name");
    String arch = System.getProperty("os.arch");
    if (!os.equals("Linux") || !arch.equals("amd64")) {
      throw new Missing("expected Linux on x86-64, got %s on %s".formatted(os, arch));
    }
    String options = Option.fault();
    if (options != null) {
      throw new Missing(options);
    }
    try (Extraction extraction = new Extraction()) {
      loadDriver(extraction);
      loadBlas(extraction);
      try {
        loadDnn(extraction);
      } catch (Missing e) {
        dnnFault = e.getMessage();
      }
    } catch (IOException e) {
      throw new Missing(
          "JCuda's native libraries could not be unpacked: %s; -Djava.io.tmpdir=FOLDER names another folder"
              .formatted(e.getMessage()));
    }
  }

  private void loadDriver(Extraction extraction) throws Missing, IOException {
    String library = "libcuda.so.1";
    String chosen = System.getProperty("crema.cuda.driver"); // native-tests' driver on the CPU
    if (chosen != null) {
      attempt(chosen, () -> Libraries.load(Path.of(chosen)));
    } else if (!Libraries.loadByName(library)) {
      throw new Missing(
          "there is no NVIDIA driver: the loader finds no %s; install the driver (nvidia-smi then lists the GPU), or start the container with its GPUs (docker run --gpus all)"
              .formatted(library));
    }
    int rc =
        attempt(
            "JCuda's driver library",
            () ->
                extraction.load(
                    "JCudaDriver", UnaryOperator.identity(), () -> JCudaDriver.cuInit(0)));
    int[] value = new int[1];
    if (rc == CUresult.CUDA_SUCCESS) {
      rc = JCudaDriver.cuDriverGetVersion(value);
      driverVersion = value[0];
    }
    if (rc == CUresult.CUDA_SUCCESS) {
      rc = JCudaDriver.cuDeviceGetCount(value);
      deviceCount = value[0];
    }
    if (rc != CUresult.CUDA_SUCCESS || deviceCount == 0) {
      throw new Missing(
          "the NVIDIA driver is there but gives no GPU: %s; nvidia-smi shows what the driver sees, CUDA_VISIBLE_DEVICES what it may use"
              .formatted(rc == CUresult.CUDA_SUCCESS ? "it counts none" : Driver.describe(rc)));
    }
  }

  private void loadBlas(Extraction extraction) throws Missing, IOException {
    String cublas12 = "libcublas.so.12";
    String cublas13 = "libcublas.so.13";
    List<String> names = driverVersion >= CUDA_13 ? List.of(cublas13, cublas12) : List.of(cublas12);
    // cuDNN compiles some kernels by NVRTC, which the toolkit keeps here, off the loader's path.
    String found =
        preload(
            names,
            List.of("libcublasLt", "libnvrtc"),
            driverVersion >= CUDA_13 ? "cublas" : "cublas-cu12");
    blasMajor = found.equals(cublas13) ? 13 : 12;
    UnaryOperator<byte[]> change =
        found.equals(cublas13)
            ? file -> ElfRetarget.retarget(file, cublas12, cublas13)
            : UnaryOperator.identity();
    attempt("JCuda's cuBLAS library", () -> extraction.load("JCublas2", change, Natives::useBlas));
  }

  private void loadDnn(Extraction extraction) throws Missing, IOException {
    if (Option.CUDNN.value().equals("off")) {
      throw new Missing("cuDNN is switched off by -Dcrema.cuda.cudnn=off");
    }
    preload(List.of(DNN), List.of(), "cudnn-cu" + blasMajor);
    attempt(
        "JCuda's cuDNN library",
        () -> extraction.load("JCudnn", UnaryOperator.identity(), Natives::useDnn));
    long major = JCudnn.cudnnGetCudartVersion() / 1000;
    if (major != blasMajor) {
      throw new Missing(
          "%s is made for CUDA %s, and the cuBLAS here for CUDA %s; pip install nvidia-cudnn-cu%s"
              .formatted(path("libcudnn.so"), major, blasMajor, blasMajor));
    }
  }

  private String preload(List<String> names, List<String> companions, String pip)
      throws Missing, IOException {
    String found = attempt(names.getFirst(), () -> libraries.load(names, companions));
    if (found == null) {
      throw new Missing(
          "there is no %s; pip install nvidia-%s, or set %s to the folder that holds it (looked at: %s)"
              .formatted(String.join(" or ", names), pip, Libraries.FOLDERS, libraries.places()));
    }
    return found;
  }

  /** Something that loads a library. */
  @FunctionalInterface
  private interface Loading<T extends @Nullable Object> {
    T run() throws IOException;
  }

  private static <T extends @Nullable Object> T attempt(String what, Loading<T> loading)
      throws Missing, IOException {
    try {
      return loading.run();
    } catch (LinkageError e) {
      throw new Missing("%s cannot be loaded: %s".formatted(what, firstLine(e)));
    }
  }

  /** JCuda's messages are pages with stack traces; the loader's reason is what matters. */
  private static String firstLine(LinkageError e) {
    return String.valueOf(e.getMessage())
        .lines()
        .map(String::strip)
        .filter(line -> line.contains(".so") && line.contains(": "))
        .findFirst()
        .orElse(e.toString());
  }

  private static int useBlas() {
    JCublas2.setExceptionsEnabled(false);
    return 0;
  }

  private static int useDnn() {
    JCudnn.setExceptionsEnabled(false);
    return 0;
  }
}
