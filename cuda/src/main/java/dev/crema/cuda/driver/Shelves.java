package dev.crema.cuda.driver;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Idle memory by {@link SizeClass}; of each, the last given is the first taken. */
final class Shelves {
  private final Map<Long, Deque<Long>> addresses = new TreeMap<>();
  private long bytes;

  /** Where all goes since these were closed. */
  private @Nullable Shelves next;

  /** The address of a block of exactly this size, or 0 when there is none. */
  long take(long size) {
    Deque<Long> shelf = addresses.get(size);
    if (shelf == null || shelf.isEmpty()) {
      return 0;
    }
    bytes -= size;
    return shelf.pop();
  }

  void give(long size, long address) {
    if (next != null) {
      next.give(size, address);
      return;
    }
    addresses.computeIfAbsent(size, _ -> new ArrayDeque<>()).push(address);
    bytes += size;
  }

  /** Hands every block out for good; one that cannot be freed is not given again. */
  void empty(LongConsumer free) {
    for (Map.Entry<Long, Deque<Long>> shelf : addresses.entrySet()) {
      while (!shelf.getValue().isEmpty()) {
        long address = shelf.getValue().pop();
        bytes -= shelf.getKey();
        free.accept(address);
      }
    }
    addresses.clear();
  }

  /** Hands everything to others, now and from here on. */
  void close(Shelves to) {
    addresses.forEach((size, shelf) -> shelf.forEach(address -> to.give(size, address)));
    addresses.clear();
    bytes = 0;
    next = to;
  }

  long bytes() {
    return bytes;
  }
}
