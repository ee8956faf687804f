package dev.crema.cpu;

import dev.crema.backend.Backend;
import dev.crema.backend.BackendProvider;
import dev.crema.cpu.conv.Selection;
import dev.crema.cpu.simd.Simd;
import dev.crema.tensor.Device;
import dev.crema.tensor.DeviceException;
import java.util.Optional;

/** Offers the CPU backend, on every JVM. */
public final class CpuBackendProvider implements BackendProvider {
  /** For {@link java.util.ServiceLoader}. */
  public CpuBackendProvider() {}

  @Override
  public String type() {
    return "cpu";
  }

  @Override
  public int rank() {
    return 0;
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.ofNullable(Simd.fault()).or(() -> Optional.ofNullable(Selection.fault()));
  }

  @Override
  public Backend open(Device device) {
    if (device.index() != 0) {
      throw new DeviceException(
          "device %s: there is one CPU device, cpu. Hint: Parallel.setNumThreads says how many cores it uses"
              .formatted(device));
    }
    return new CpuBackend();
  }
}
