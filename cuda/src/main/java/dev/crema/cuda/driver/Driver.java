package dev.crema.cuda.driver;

import dev.crema.tensor.DeviceException;
import dev.crema.tensor.OutOfMemoryException;
import dev.crema.tensor.TensorException;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** What the driver's return codes become: typed errors that name the op and the call. */
public final class Driver {
  private Driver() {}

  /** Throws unless the call went well. */
  static void check(int rc, String call) {
    if (rc != CUresult.CUDA_SUCCESS) {
      throw failure(rc, call);
    }
  }

  /** The error for a driver call that returned {@code rc}. */
  static TensorException failure(int rc, String call) {
    String message = "%s: %s failed: %s".formatted(Running.op(), call, describe(rc));
    return rc == CUresult.CUDA_ERROR_OUT_OF_MEMORY
        ? new OutOfMemoryException(message)
        : new DeviceException(message);
  }

  /** The driver's own words for a return code. */
  static String describe(int rc) {
    String[] name = new String[1];
    String[] text = new String[1];
    JCudaDriver.cuGetErrorName(rc, name);
    JCudaDriver.cuGetErrorString(rc, text);
    return "%s (%s): %s".formatted(name[0], rc, text[0]);
  }
}
