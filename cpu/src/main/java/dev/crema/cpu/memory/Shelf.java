package dev.crema.cpu.memory;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The idle arrays of one length and type: a stack. Guarded by its pool. */
final class Shelf {
  /** Bytes of one of these arrays. */
  final long bytesEach;

  /** The pool's clock when an array last came or went. */
  long lastUse;

  private @Nullable Object[] arrays = new @Nullable Object[4];
  private int count;

  Shelf(long bytesEach) {
    this.bytesEach = bytesEach;
  }

  int count() {
    return count;
  }

  void push(Object array) {
    if (count == arrays.length) {
      arrays = Arrays.copyOf(arrays, 2 * count);
    }
    arrays[count++] = array;
  }

  @Nullable Object pop() {
    if (count == 0) {
      return null;
    }
    Object top = arrays[--count];
    arrays[count] = null;
    return top;
  }

  void clear() {
    Arrays.fill(arrays, 0, count, null);
    count = 0;
  }
}
