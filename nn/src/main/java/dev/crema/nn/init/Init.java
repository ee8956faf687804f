package dev.crema.nn.init;

import dev.crema.autograd.NoGrad;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Fills tensors in place, parameters included, with PyTorch's initialisations. Each returns its
 * tensor. Random ones draw from the generator given, or else from {@link #generator}.
 */
public final class Init {
  private static final ScopedValue<Generator> SEEDED = ScopedValue.newInstance();

  private Init() {}

  // ---- where random numbers come from ----

  /**
   * Makes a module that draws all its random numbers, initial weights and dropout, from a generator
   * of its own: {@code Init.seeded(42, () -> new LeNet(10))}.
   */
  public static <T> T seeded(long seed, Supplier<T> making) {
    return ScopedValue.where(SEEDED, Generator.of(seed)).call(making::get);
  }

  /** The generator of the {@link #seeded} that is running on this thread, or null. */
  public static @Nullable Generator seededGenerator() {
    return SEEDED.isBound() ? SEEDED.get() : null;
  }

  /** The generator of the {@link #seeded} that is running on this thread, else the global one. */
  public static Generator generator() {
    return SEEDED.orElse(Generator.global());
  }

  // ---- plain ----

  /** One value everywhere. */
  public static Tensor constant_(Tensor t, double value) {
    try (var _ = NoGrad.open()) {
      return t.fill_(value);
    }
  }

  /** 0 everywhere. */
  public static Tensor zeros_(Tensor t) {
    return constant_(t, 0);
  }

  /** 1 everywhere. */
  public static Tensor ones_(Tensor t) {
    return constant_(t, 1);
  }

  /** Uniform in [low, high). */
  public static Tensor uniform_(Tensor t, double low, double high) {
    return uniform_(t, low, high, generator());
  }

  /** Uniform in [low, high), from this generator. */
  public static Tensor uniform_(Tensor t, double low, double high, Generator generator) {
    try (var _ = NoGrad.open();
        var _ = Scope.open("uniform_")) {
      return t.copy_(Tensor.uniform(low, high, t.shape(), t.dtype(), t.device(), generator));
    }
  }

  /** Normal. */
  public static Tensor normal_(Tensor t, double mean, double std) {
    return normal_(t, mean, std, generator());
  }

  /** Normal, from this generator. */
  public static Tensor normal_(Tensor t, double mean, double std, Generator generator) {
    try (var _ = NoGrad.open();
        var _ = Scope.open("normal_")) {
      return t.copy_(Tensor.normal(mean, std, t.shape(), t.dtype(), t.device(), generator));
    }
  }

  // ---- scaled to the layer ----

  /** By how much a nonlinearity shrinks a signal; {@code slope} is LEAKY_RELU's. */
  public static double calculateGain(Nonlinearity f, double slope) {
    return switch (f) {
      case LINEAR, SIGMOID -> 1;
      case TANH -> 5.0 / 3;
      case RELU -> Math.sqrt(2);
      case LEAKY_RELU -> Math.sqrt(2 / (1 + slope * slope));
    };
  }

  /**
   * Uniform with variance gain² / fan (He et al., 2015).
   *
   * @param slope of LEAKY_RELU; the others have none
   */
  public static Tensor kaimingUniform_(Tensor w, double slope, Fan.Mode mode, Nonlinearity f) {
    double bound = Math.sqrt(3) * kaimingStd(w, slope, mode, f);
    return uniform_(w, -bound, bound);
  }

  /**
   * Normal with variance gain² / fan (He et al., 2015).
   *
   * @param slope of LEAKY_RELU; the others have none
   */
  public static Tensor kaimingNormal_(Tensor w, double slope, Fan.Mode mode, Nonlinearity f) {
    return normal_(w, 0, kaimingStd(w, slope, mode, f));
  }

  private static double kaimingStd(Tensor w, double slope, Fan.Mode mode, Nonlinearity f) {
    return calculateGain(f, slope) / Math.sqrt(Fan.of(w.shape()).get(mode));
  }

  /** Uniform with variance 2·gain² / (fan in + fan out) (Glorot and Bengio, 2010). */
  public static Tensor xavierUniform_(Tensor w, double gain) {
    double bound = Math.sqrt(3) * xavierStd(w, gain);
    return uniform_(w, -bound, bound);
  }

  /** Normal with variance 2·gain² / (fan in + fan out) (Glorot and Bengio, 2010). */
  public static Tensor xavierNormal_(Tensor w, double gain) {
    return normal_(w, 0, xavierStd(w, gain));
  }

  private static double xavierStd(Tensor w, double gain) {
    Fan fan = Fan.of(w.shape());
    return gain * Math.sqrt(2.0 / (fan.in() + fan.out()));
  }
}
