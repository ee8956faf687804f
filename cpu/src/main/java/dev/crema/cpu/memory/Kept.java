package dev.crema.cpu.memory;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a kernel made of a buffer's elements, such as a weight in the layout that it
 * multiplies, kept while they do not change. That is from the second use of the same elements on:
 * weights in training change after each, and keep nothing. Thread safe.
 */
final class Kept {
  private @Nullable Object key;
  private int version;
  private @Nullable Object made;

  /** What {@link CpuBuffer#kept} returns for a buffer at this version. */
  synchronized @Nullable Object of(Object key, int version, Supplier<Object> make) {
    if (!key.equals(this.key) || version != this.version) {
      this.key = key;
      this.version = version;
      made = null;
      return null;
    }
    if (made == null) {
      try {
        made = make.get();
      } catch (OutOfMemoryError _) {
        return null; // without room nothing is kept
      }
    }
    return made;
  }
}
