package dev.crema.examples.cli;

import dev.crema.backend.Backends;
import dev.crema.cpu.Parallel;
import dev.crema.tensor.Device;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where to compute. */
final class DeviceOptions {
  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "cpu",
      description = "cpu or cuda; 'crema doctor' says what works here. Default: ${DEFAULT-VALUE}")
  private String device = "cpu";

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that compute on the CPU; results do not depend on it. Default: all")
  private @Nullable Integer threads;

  /** The device, which works, with as many threads as were asked for. */
  Device select() {
    if (threads != null) {
      if (threads < 1) {
        throw new UserError("--threads: expected at least 1, got " + threads);
      }
      Parallel.setNumThreads(threads);
    }
    Device selected = Device.parse(device);
    Backends.get(selected);
    return selected;
  }
}
