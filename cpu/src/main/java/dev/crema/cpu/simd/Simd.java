package dev.crema.cpu.simd;

import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The vector width of this JVM's kernels, chosen once, before anything of {@code
 * jdk.incubator.vector} is touched. System property {@code crema.cpu.simd}: {@code auto} (the
 * default: as wide as the CPU likes), {@code scalar}, {@code 128}, {@code 256} or {@code 512}.
 */
public final class Simd {
  /** The property that chooses. */
  public static final String PROPERTY = "crema.cpu.simd";

  private static final Choice CHOICE =
      choose(
          System.getProperty(PROPERTY, "auto"),
          System.getProperty("java.vm.name", ""),
          System.getProperty("java.vm.info", ""),
          ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(),
          () -> PreferredWidth.bits());

  /** Bits of a vector: 128, 256, 512, or 0 where kernels are scalar. */
  public static final int BITS = CHOICE.bits;

  /** Whether kernels use the Vector API. */
  public static final boolean VECTOR = BITS > 0;

  static {
    if (CHOICE.warning != null) {
      System.getLogger("dev.crema.cpu").log(System.Logger.Level.WARNING, CHOICE.warning);
    }
  }

  private Simd() {}

  /** For people: {@code 256-bit vectors}, or {@code scalar} and why. */
  public static String description() {
    String what = VECTOR ? BITS + "-bit vectors" : "scalar";
    return CHOICE.warning == null ? what : what + " (" + CHOICE.warning + ")";
  }

  /** What was asked for and cannot be understood, or null. */
  public static @Nullable String fault() {
    return CHOICE.fault;
  }

  /**
   * @param bits the width, 0 for scalar
   * @param warning what the user should know, with the fix
   * @param fault why the property makes no sense
   */
  record Choice(int bits, @Nullable String warning, @Nullable String fault) {
    static Choice scalar(String why) {
      return new Choice(0, "kernels run scalar, many times slower than SIMD: " + why, null);
    }
  }

  /** The guards, in order; {@code preferredBits} is asked only behind all of them. */
  static Choice choose(
      String wish, String vmName, String vmInfo, boolean hasModule, IntSupplier preferredBits) {
    int bits =
        switch (wish) {
          case "auto" -> -1;
          case "scalar" -> 0;
          case "128", "256", "512" -> Integer.parseInt(wish);
          default -> -2;
        };
    if (bits == -2) {
      return new Choice(
          0,
          null,
          "-D%s: expected auto, scalar, 128, 256 or 512, got '%s'".formatted(PROPERTY, wish));
    }
    if (bits == 0) {
      return new Choice(0, null, null);
    }
    if (!vmName.contains("HotSpot") && !vmName.contains("OpenJDK")) {
      return Choice.scalar("'%s' is not HotSpot. Use an OpenJDK build".formatted(vmName));
    }
    if (vmInfo.contains("emulated-client") || vmInfo.contains("interpreted")) {
      return Choice.scalar(
          "this JVM runs without its C2 compiler (%s). Drop -Xint and -XX:TieredStopAtLevel"
              .formatted(vmInfo));
    }
    if (!hasModule) {
      return Choice.scalar(
          "the Vector API is not there. Pass --add-modules jdk.incubator.vector to java");
    }
    int preferred = Math.min(512, preferredBits.getAsInt());
    if (preferred < 128) {
      return Choice.scalar("this CPU or JVM has no vectors of 128 bits or more");
    }
    if (bits > preferred) {
      return new Choice(
          bits,
          "%s-bit vectors are emulated, very slowly: this CPU has %s bits. Drop -D%s=%s"
              .formatted(bits, preferred, PROPERTY, bits),
          null);
    }
    return new Choice(bits < 0 ? preferred : bits, null, null);
  }
}
