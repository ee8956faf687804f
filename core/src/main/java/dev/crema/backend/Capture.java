package dev.crema.backend;

import dev.crema.tensor.Device;
import dev.crema.tensor.UnsupportedOpException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a step does beside computing, when it is captured. While a capture is under way on a thread,
 * its device notes work instead of doing it; what the host does for each run (draws from a
 * generator, counts a step, asks for a learning rate) is noted here, in order, and what cannot be
 * done again is refused.
 */
public final class Capture implements AutoCloseable {
  private static final ThreadLocal<@Nullable Capture> CURRENT = new ThreadLocal<>();

  /** On all threads: while there is none, asking costs nothing. */
  private static final AtomicInteger UNDER_WAY = new AtomicInteger();

  private final Device device;
  private final List<Runnable> eachRun = new ArrayList<>();
  private final List<Runnable> onAbort = new ArrayList<>();
  private final List<Runnable> onClose = new ArrayList<>();
  private final Set<Buffer> written = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Object> marked = Collections.newSetFromMap(new IdentityHashMap<>());

  private Capture(Device device) {
    this.device = device;
  }

  /** Starts one on this thread, which {@link #end}s it. */
  public static Capture start(Device device) {
    refuse("capture", "starts another", "let one captured step do the work of both");
    Capture capture = new Capture(device);
    CURRENT.set(capture);
    UNDER_WAY.incrementAndGet();
    return capture;
  }

  /** The one under way on this thread, or null. */
  public static @Nullable Capture current() {
    return UNDER_WAY.get() == 0 ? null : CURRENT.get();
  }

  /** Does something that is no part of a step, even while one is captured on this thread. */
  public static <T> T outside(Supplier<T> action) {
    Capture capture = current();
    if (capture == null) {
      return action.get();
    }
    CURRENT.remove();
    try {
      return action.get();
    } finally {
      CURRENT.set(capture);
    }
  }

  /** Does this now; or, in a step that is captured, before each of its runs, in order. */
  public static void eachRun(Runnable action) {
    Capture capture = current();
    if (capture == null) {
      action.run();
    } else {
      capture.eachRun.add(action);
    }
  }

  /** Throws if a capture is under way on this thread. */
  public static void refuse(String op, String what, String hint) {
    if (current() != null) {
      throw new UnsupportedOpException(
          "%s: %s, which a captured step cannot repeat. Hint: %s".formatted(op, what, hint));
    }
  }

  /** Throws if this device's work would be done once, instead of being noted. */
  public static void check(Device device) {
    Capture capture = current();
    if (capture != null && !capture.device.equals(device)) {
      throw new UnsupportedOpException(
          "capture: a step on %s makes or uses a tensor on %s, which its runs would not repeat. Hint: move it before the step, or pass it as an input"
              .formatted(capture.device, device));
    }
  }

  /** Marks a thing as made in this capture; whether it was marked before. */
  public boolean mark(Object thing) {
    return !marked.add(thing);
  }

  /** Whether a thing was marked. */
  public boolean isMarked(Object thing) {
    return marked.contains(thing);
  }

  /** Notes memory that the step changes in place: each run does so. */
  void writes(Buffer buffer) {
    written.add(buffer);
  }

  /** Does this if the capture fails. */
  public void onAbort(Runnable action) {
    onAbort.add(action);
  }

  /** Does this when the captured step is closed, or the capture fails. */
  public void onClose(Runnable action) {
    onClose.add(action);
  }

  /** The step is all there: what this thread does from here on is done. */
  public void end() {
    if (CURRENT.get() == this) {
      CURRENT.remove();
      UNDER_WAY.decrementAndGet();
    }
  }

  /** Ends it, and undoes what was done so far. */
  public void abort() {
    end();
    onAbort.forEach(Runnable::run);
    close();
  }

  /** What the host does for one run. */
  public void beforeRun() {
    eachRun.forEach(Runnable::run);
    written.forEach(Buffer::touch);
  }

  @Override
  public void close() {
    onClose.forEach(Runnable::run);
    onClose.clear();
    written.clear();
  }
}
