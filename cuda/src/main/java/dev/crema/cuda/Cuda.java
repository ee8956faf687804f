package dev.crema.cuda;

import dev.crema.backend.Backends;
import dev.crema.backend.Conv2dPlan;
import dev.crema.cuda.cudnn.Direction;
import dev.crema.cuda.cudnn.Pinned;
import dev.crema.cuda.driver.CudaDevice;
import dev.crema.tensor.Device;
import dev.crema.tensor.DeviceException;
import java.util.List;
import java.util.Map;

/** What a program may want of a GPU beside computing on it. */
public final class Cuda {
  private Cuda() {}

  /** Waits for all work that was issued so far: what a clock should do before it is read. */
  public static void synchronize(Device device) {
    of(device).begin("synchronize").synchronize();
  }

  /** Waits, and gives the memory that is kept for reuse back to the device, for other programs. */
  public static void trim(Device device) {
    of(device).trim();
  }

  /** The bytes in use, by the op that they were made for. */
  public static Map<String, Long> memoryByOp(Device device) {
    return of(device).memoryByOp();
  }

  /** Every algorithm that this device has for a convolution, to be run by itself: for benches. */
  public static List<Pinned> convolutions(Device device, Conv2dPlan plan, Direction direction) {
    return Pinned.all(of(device).begin("conv2d"), plan, direction);
  }

  private static CudaDevice of(Device device) {
    if (Backends.unwatched(device) instanceof CudaBackend backend) {
      return backend.cuda();
    }
    throw new DeviceException("cuda: expected a CUDA device, got " + device);
  }
}
