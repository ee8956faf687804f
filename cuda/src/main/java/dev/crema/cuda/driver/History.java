package dev.crema.cuda.driver;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was launched since the device was last known to have done all; the last few by name. */
final class History {
  private static final int KEPT = 16;

  private final @Nullable String[] ops = new @Nullable String[KEPT];
  private final @Nullable String[] calls = new @Nullable String[KEPT];
  private long count;

  synchronized void add(String op, String call) {
    int at = (int) (count++ % KEPT);
    ops[at] = op;
    calls[at] = call;
  }

  synchronized void clear() {
    count = 0;
  }

  /** In words, oldest first. */
  synchronized String describe() {
    List<String> names = new ArrayList<>();
    for (long i = Math.max(0, count - KEPT); i < count; i++) {
      int at = (int) (i % KEPT);
      names.add(ops[at] + " (" + calls[at] + ")");
    }
    return names.isEmpty()
        ? "nothing was launched since the last synchronisation"
        : "launched since the last synchronisation: "
            + (count > KEPT ? (count - KEPT) + " more, then " : "")
            + String.join(", ", names);
  }
}
