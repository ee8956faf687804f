package dev.crema.cuda.driver;

/**
 * A run of device memory, of undefined content, until it is closed. Closing is stream-ordered: work
 * that was issued before still finds it, and whoever gets it next writes after that work.
 */
public interface CudaMemory extends AutoCloseable {
  /** The device address, aligned to 256 bytes at least. */
  long address();

  /** How many bytes were asked for. */
  long bytes();

  /** Closes this when {@code owner}, which must not be reachable from here, is garbage. */
  void watch(Object owner);

  @Override
  void close();
}
