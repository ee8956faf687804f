package dev.crema.backend;

import dev.crema.tensor.Device;
import dev.crema.tensor.DeviceException;
import dev.crema.tensor.UnsupportedOpException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The backends of this program: one per device, opened at first use. */
public final class Backends {
  private static final Map<Device, Backend> OPEN = new ConcurrentHashMap<>();

  /** The backends that another looks on at, which stands in their place among the open ones. */
  private static final Map<Device, Backend> WATCHED = new ConcurrentHashMap<>();

  private Backends() {}

  /**
   * The backend of this device.
   *
   * @throws DeviceException when there is none, with every provider's reason
   */
  public static Backend get(Device device) {
    Backend open = OPEN.get(device);
    return open != null ? open : OPEN.computeIfAbsent(device, Backends::open);
  }

  /**
   * Puts another in front of a device's backend, to look on and hand on what it is asked for: ops
   * on all tensors of the device go through it, whenever they were made, until {@link #unwatch}.
   *
   * @return the backend itself
   * @throws UnsupportedOpException when one looks on already
   */
  public static Backend watch(Device device, UnaryOperator<Backend> by) {
    Backend backend = get(device);
    if (WATCHED.putIfAbsent(device, backend) != null) {
      throw new UnsupportedOpException(
          "device %s: somebody looks on at its backend already, such as a profiler. Hint: close that first"
              .formatted(device));
    }
    OPEN.put(device, by.apply(backend));
    return backend;
  }

  /** Takes away what looks on at a device's backend. */
  public static void unwatch(Device device) {
    Backend backend = WATCHED.get(device);
    if (backend != null) {
      OPEN.put(device, backend);
      WATCHED.remove(device);
    }
  }

  /** The backend of this device itself, whoever looks on. */
  public static Backend unwatched(Device device) {
    Backend open = get(device);
    return WATCHED.getOrDefault(device, open);
  }

  /** Serves a device that no provider knows, for the life of the program. */
  public static void add(Device device, Backend backend) {
    OPEN.put(device, backend);
  }

  /** Every provider on the class or module path, best first. */
  public static List<BackendProvider> providers() {
    ClassLoader own = Backends.class.getClassLoader();
    // Under a container the thread's class loader may know nothing of the backends beside this
    // class.
    return Stream.of(
            ServiceLoader.load(BackendProvider.class),
            ServiceLoader.load(BackendProvider.class, own))
        .flatMap(ServiceLoader::stream)
        .collect(Collectors.toMap(p -> p.type().getName(), p -> p, (first, _) -> first))
        .values()
        .stream()
        .map(ServiceLoader.Provider::get)
        .sorted(
            Comparator.comparingInt(BackendProvider::rank)
                .reversed()
                .thenComparing(BackendProvider::type))
        .toList();
  }

  private static Backend open(Device device) {
    List<BackendProvider> providers = providers();
    for (BackendProvider provider : providers) {
      if (provider.type().equals(device.type()) && provider.unavailable().isEmpty()) {
        return provider.open(device);
      }
    }
    throw new DeviceException(whyNot(device, providers));
  }

  private static String whyNot(Device device, List<BackendProvider> providers) {
    String working = types(providers, p -> p.unavailable().isEmpty());
    String faults =
        providers.stream()
            .filter(p -> p.type().equals(device.type()))
            .flatMap(p -> p.unavailable().stream())
            .collect(Collectors.joining("; "));
    return faults.isEmpty()
        ? "device %s: no backend serves it; found: %s. Hint: use one of these, or put the jar of a %s backend on the class or module path"
            .formatted(device, types(providers, _ -> true), device.type())
        : "device %s: its backend cannot be used here: %s. Hint: mend that, or use what works: %s"
            .formatted(device, faults, working);
  }

  private static String types(List<BackendProvider> providers, Predicate<BackendProvider> which) {
    String types =
        providers.stream()
            .filter(which)
            .map(BackendProvider::type)
            .distinct()
            .collect(Collectors.joining(", "));
    return types.isEmpty() ? "none" : types;
  }
}
