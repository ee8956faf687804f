package dev.crema.autograd;

import org.jspecify.annotations.Nullable;

/**
 * In which part of a model a thread is, for those who measure: modules enter their names, and
 * backward goes back to where the forward was. Nobody keeps book until {@link #watch}.
 */
public final class Place {
  private static final ThreadLocal<String> CURRENT = ThreadLocal.withInitial(() -> "");
  private static int watchers;
  private static volatile boolean watched;

  private Place() {}

  /** Has book kept of what is made from here on, or, where nobody else watches, no longer. */
  public static synchronized void watch(boolean on) {
    watchers += on ? 1 : -1;
    watched = watchers > 0;
  }

  /** The path, such as {@code features.3}; empty outside of all. */
  public static String current() {
    return CURRENT.get();
  }

  /** Goes one step down; gives where {@link #leave} goes back to, or null when nobody watches. */
  public static @Nullable String enter(String name) {
    if (!watched) {
      return null;
    }
    String before = CURRENT.get();
    CURRENT.set(before.isEmpty() ? name : before + "." + name);
    return before;
  }

  /** Goes back to what {@link #enter} or {@link #jump} gave. */
  public static void leave(@Nullable String before) {
    if (before != null) {
      CURRENT.set(before);
    }
  }

  /** Where this thread is, or null when nobody watches. */
  static @Nullable String noted() {
    return watched ? CURRENT.get() : null;
  }

  /** Goes to where a node was made, if that was noted. */
  static @Nullable String jump(@Nullable String place) {
    if (place == null) {
      return null;
    }
    String before = CURRENT.get();
    CURRENT.set(place);
    return before;
  }
}
