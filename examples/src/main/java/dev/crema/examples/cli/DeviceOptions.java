package dev.crema.examples.cli;

import dev.crema.backend.BackendProvider;
import dev.crema.backend.Backends;
import dev.crema.cpu.Parallel;
import dev.crema.tensor.Device;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where to compute. */
final class DeviceOptions {
  /** What people type for the devices that there are. */
  private static final Map<String, String> OTHER_NAMES =
      Map.of("gpu", "cuda", "nvidia", "cuda", "host", "cpu");

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
      Parallel.setNumThreads(Arguments.threads(threads));
    }
    return select(device);
  }

  /** The device of this name, which works. */
  static Device select(String device) {
    Device selected = Device.parse(device);
    didYouMean(selected.type())
        .ifPresent(
            meant -> {
              throw new UserError(
                  "--device %s: there is no device of this name. Did you mean %s?"
                      .formatted(device, meant));
            });
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

  /** The device that a name which is none means, if that is clear. */
  private static Optional<String> didYouMean(String type) {
    List<String> known = Backends.providers().stream().map(BackendProvider::type).toList();
    String small = type.toLowerCase(Locale.ROOT);
    return known.contains(type)
        ? Optional.empty()
        : known.stream().filter(OTHER_NAMES.getOrDefault(small, small)::equals).findFirst();
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
