package dev.crema.autograd;

/** Whether ops of this thread record a graph. They do unless a {@link NoGrad} is open. */
public final class GradMode {
  private static final ThreadLocal<boolean[]> RECORDING =
      ThreadLocal.withInitial(() -> new boolean[] {true});

  private GradMode() {}

  public static boolean isRecording() {
    return RECORDING.get()[0];
  }

  /** Switches recording and says how it was. */
  static boolean set(boolean recording) {
    boolean[] mode = RECORDING.get();
    boolean before = mode[0];
    mode[0] = recording;
    return before;
  }
}
