package dev.crema.examples.cli;

import dev.crema.backend.BackendProvider;
import dev.crema.backend.Backends;
import dev.crema.cpu.Parallel;
import dev.crema.tensor.Device;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where to compute. */
final class DeviceOptions {
  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "cpu",
      description = "cpu or cuda; './crema doctor' says what works here. Default: ${DEFAULT-VALUE}")
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
    return select(device);
  }

  /** The device of this name, which works. */
  static Device select(String device) {
    Device selected = Device.parse(device);
    whyNot(selected.type())
        .ifPresent(
            why -> {
              throw new UserError(
                  "--device %s: %s.%s"
                      .formatted(
                          device,
                          why,
                          selected.equals(Device.cpu())
                              ? ""
                              : " Hint: --device cpu works everywhere; './crema doctor' says what"
                                  + " else does"));
            });
    Backends.get(selected);
    return selected;
  }

  /** Why no backend of this type can be used here; nothing when one can. */
  static Optional<String> whyNot(String type) {
    List<BackendProvider> offers =
        Backends.providers().stream().filter(p -> p.type().equals(type)).toList();
    List<String> faults = offers.stream().flatMap(p -> p.unavailable().stream()).toList();
    if (offers.isEmpty()) {
      return Optional.of("this build of Crema has no %s backend".formatted(type));
    }
    return faults.size() < offers.size()
        ? Optional.empty()
        : Optional.of("cannot be used: " + String.join("; ", faults));
  }
}
