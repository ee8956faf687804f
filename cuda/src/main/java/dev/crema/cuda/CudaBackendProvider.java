package dev.crema.cuda;

import dev.crema.backend.Backend;
import dev.crema.backend.BackendProvider;
import dev.crema.cuda.driver.CudaDevice;
import dev.crema.cuda.driver.Natives;
import dev.crema.tensor.Device;
import dev.crema.tensor.DeviceException;
import java.util.List;
import java.util.Optional;

/** Offers the CUDA backend, where there is a driver, a GPU and cuBLAS. */
public final class CudaBackendProvider implements BackendProvider {
  /** For {@link java.util.ServiceLoader}. */
  public CudaBackendProvider() {}

  @Override
  public String type() {
    return "cuda";
  }

  @Override
  public int rank() {
    return 0;
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.ofNullable(Natives.get().fault());
  }

  @Override
  public List<String> details() {
    return Report.lines();
  }

  @Override
  public Backend open(Device device) {
    int count = Natives.get().deviceCount();
    if (device.index() < 0 || device.index() >= count) {
      throw new DeviceException(
          "device %s: expected a number below %s, the count of CUDA devices here. Hint: CUDA_VISIBLE_DEVICES says which this process may use"
              .formatted(device, count));
    }
    return new CudaBackend(device, new CudaDevice(device.index()));
  }
}
