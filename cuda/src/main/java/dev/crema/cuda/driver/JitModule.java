package dev.crema.cuda.driver;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.crema.tensor.DeviceException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jcuda.driver.CUjit_option;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** PTX compiled by the driver; where it refuses, its compiler's log is in the error. */
final class JitModule {
  private static final int LOG_BYTES = 8192;

  private JitModule() {}

  /** Compiles PTX, which ends in a zero byte, for the current device. */
  static CUmodule load(String name, byte[] ptx) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment image = arena.allocateFrom(JAVA_BYTE, ptx);
      MemorySegment log = arena.allocate(LOG_BYTES);
      int[] options = {
        CUjit_option.CU_JIT_ERROR_LOG_BUFFER, CUjit_option.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES
      };
      MemorySegment values = arena.allocate(ADDRESS, options.length); // sizes lie in pointers
      values.setAtIndex(ADDRESS, 0, log);
      values.setAtIndex(JAVA_LONG, 1, LOG_BYTES);
      CUmodule module = new CUmodule();
      int rc =
          JCudaDriver.cuModuleLoadDataEx(
              module,
              new HostAddress(image.address()),
              options.length,
              options,
              new HostAddress(values.address()));
      if (rc != CUresult.CUDA_SUCCESS) {
        throw refused(rc, name, log.getString(0).strip());
      }
      return module;
    }
  }

  private static RuntimeException refused(int rc, String name, String log) {
    RuntimeException failure = Driver.failure(rc, "cuModuleLoadDataEx of " + name);
    return log.isEmpty()
        ? failure
        : new DeviceException(failure.getMessage() + "; the driver's compiler says: " + log);
  }
}
