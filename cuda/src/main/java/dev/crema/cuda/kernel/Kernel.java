package dev.crema.cuda.kernel;

import dev.crema.cuda.driver.CudaDevice;
import jcuda.driver.CUfunction;

/** A kernel of one device. */
public final class Kernel {
  private static final ThreadLocal<Args> ARGS = ThreadLocal.withInitial(Args::new);

  final CudaDevice device;
  final String name;
  final CUfunction function;

  Kernel(CudaDevice device, String name, CUfunction function) {
    this.device = device;
    this.name = name;
    this.function = function;
  }

  /**
   * Starts an argument list, in the kernel's order. The list is this thread's only one, so it must
   * be launched before the next is started.
   */
  public Args args() {
    return ARGS.get().start(this);
  }

  /** The file and the function, for messages. */
  @Override
  public String toString() {
    return name;
  }
}
