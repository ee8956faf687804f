package dev.crema.bench.peers.lib;

import org.jspecify.annotations.Nullable;

/** The libraries, and whether they run here. The first is the one that others are compared to. */
public enum Library {
  /** This project. */
  CREMA("Crema", CremaPeer::new),
  /** MKL and oneDNN inside. */
  LIBTORCH("libtorch", TorchPeer::new),
  /** The usual BLAS of Linux. */
  OPENBLAS("OpenBLAS", OpenBlasPeer::new),
  /** Inference of ONNX models. */
  ONNX_RUNTIME("ONNX Runtime", OnnxRuntimePeer::new),
  /** DL4J's arrays. */
  ND4J("ND4J", Nd4jPeer::new),
  /** BLAS on the Vector API. */
  VECTOR_BLAS("VectorBLAS", VectorBlasPeer::new);

  private final String label;
  private final Loader loader;

  Library(String label, Loader loader) {
    this.label = label;
    this.loader = loader;
  }

  /** Starts a library. */
  @FunctionalInterface
  private interface Loader {
    Peer load() throws Exception;
  }

  /**
   * What came of starting it.
   *
   * @param peer null if it does not run here
   * @param reason why not
   */
  public record Loaded(Library library, @Nullable Peer peer, String reason) {}

  /** For people. */
  public String label() {
    return label;
  }

  /** Starts it; one that cannot run here says why. */
  public Loaded load() {
    try {
      return new Loaded(this, loader.load(), "");
    } catch (Exception | LinkageError e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      return new Loaded(this, null, cause.toString().lines().findFirst().orElse("unknown"));
    }
  }
}
