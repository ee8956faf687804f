package dev.crema.cpu.conv;

import dev.crema.cpu.conv.fft.Fft;
import dev.crema.cpu.conv.winograd.Winograd;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The convolution algorithms: the built-in ones, then those that ServiceLoader finds. */
public final class Algorithms {
  private static final System.Logger LOG = System.getLogger("dev.crema.cpu");
  private static final List<ConvAlgorithm> ALL = load();

  private Algorithms() {}

  /** All of them, in a fixed order. */
  public static List<ConvAlgorithm> all() {
    return ALL;
  }

  /**
   * @throws IllegalArgumentException when none has this name; the message lists those there are
   */
  public static ConvAlgorithm named(String name) {
    return ALL.stream()
        .filter(a -> a.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "convolution algorithm: expected one of %s, got '%s'"
                        .formatted(names(), name)));
  }

  private static String names() {
    return ALL.stream().map(ConvAlgorithm::name).collect(Collectors.joining(", "));
  }

  private static List<ConvAlgorithm> load() {
    List<ConvAlgorithm> all =
        new ArrayList<>(
            List.of(
                new Direct(),
                new Im2colGemm(),
                new ImplicitGemm(),
                new Pointwise(),
                new Depthwise()));
    all.addAll(Winograd.all());
    all.add(new Fft());
    var found = ServiceLoader.load(ConvAlgorithm.class, ConvAlgorithm.class.getClassLoader());
    for (Iterator<ConvAlgorithm> i = found.iterator(); ; ) {
      try {
        if (!i.hasNext()) {
          break;
        }
        all.add(i.next());
      } catch (ServiceConfigurationError e) {
        LOG.log(System.Logger.Level.WARNING, "a convolution algorithm cannot be loaded: {0}", e);
      }
    }
    return List.copyOf(all);
  }
}
