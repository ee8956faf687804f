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
  private static final List<ConvAlgorithm> ALL =
      load(
          ServiceLoader.load(ConvAlgorithm.class, ConvAlgorithm.class.getClassLoader()).iterator());

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

  /** The built-in ones and these; one that cannot be had is left out, with a warning. */
  static List<ConvAlgorithm> load(Iterator<ConvAlgorithm> found) {
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
    while (true) {
      try {
        if (!found.hasNext()) {
          break;
        }
        add(found.next(), all);
      } catch (ServiceConfigurationError e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "a convolution algorithm cannot be loaded: {0}. Hint: its class and"
                + " META-INF/services/dev.crema.cpu.conv.ConvAlgorithm must be on the class path",
            e.getMessage());
      }
    }
    return List.copyOf(all);
  }

  private static void add(ConvAlgorithm algorithm, List<ConvAlgorithm> all) {
    if (all.stream().anyMatch(a -> a.name().equals(algorithm.name()))) {
      LOG.log(
          System.Logger.Level.WARNING,
          "convolution algorithm {0} is left out: another one is called ''{1}''. Hint: rename it",
          algorithm.getClass().getName(),
          algorithm.name());
    } else {
      all.add(algorithm);
    }
  }
}
