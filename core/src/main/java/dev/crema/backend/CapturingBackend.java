package dev.crema.backend;

/** A backend that can note a step's work once, and do it again and again at little cost. */
public interface CapturingBackend extends Backend {

  /** The work of a step, to be done again. */
  interface Work extends AutoCloseable {
    /** Has the device do it all once more, behind what it was given so far. */
    void replay();

    /** Gives back what was reserved for it. */
    @Override
    void close();
  }

  /**
   * Notes what {@code step} computes, instead of computing it; on this thread, on this device, with
   * a {@link Capture} under way. Memory that it used stays reserved until the work is closed.
   *
   * @throws dev.crema.tensor.TensorException that names the op, when something in the step cannot
   *     be noted; then nothing was computed, and nothing is reserved
   */
  Work capture(Runnable step);
}
