package dev.crema.cuda.driver;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongConsumer;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * What kernels report without anybody waiting for it: each check's word is copied to the host in
 * the stream's order, and looked at once somebody has waited for the stream. Thread safe.
 */
final class DeferredChecks {
  private static final int SLOTS = 512;

  private record Check(long number, int slot, LongConsumer check) {}

  private final CUstream stream;
  private final Deque<Check> waiting = new ArrayDeque<>();
  private final Deque<Integer> free = new ArrayDeque<>();
  private @Nullable Pinned words;
  private long count;

  DeferredChecks(CUstream stream) {
    this.stream = stream;
    for (int i = 0; i < SLOTS; i++) {
      free.add(i);
    }
  }

  /**
   * Hands the word at a device address to {@code check}, later. False when as many checks wait as
   * can: somebody must wait for the stream first.
   */
  synchronized boolean add(long address, LongConsumer check) {
    Pinned pinned = words;
    if (pinned == null) {
      pinned = new Pinned(8L * SLOTS);
      words = pinned;
    }
    Integer slot = free.peek();
    if (slot == null) {
      return false;
    }
    Driver.check(
        JCudaDriver.cuMemcpyDtoHAsync(pinned.at(8L * slot), new Address(address), 8, stream),
        "cuMemcpyDtoHAsync");
    free.remove();
    waiting.add(new Check(++count, slot, check));
    return true;
  }

  /** How many checks were added so far: what a wait that starts now covers. */
  synchronized long mark() {
    return count;
  }

  /** Makes the checks up to a mark, after a wait that covered them; the first failure is thrown. */
  void run(long mark) {
    RuntimeException first = null;
    for (Check next = poll(mark); next != null; next = poll(mark)) {
      try {
        next.check.accept(takeWord(next));
      } catch (RuntimeException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private synchronized @Nullable Check poll(long mark) {
    Check next = waiting.peek();
    return next == null || next.number > mark ? null : waiting.remove();
  }

  private synchronized long takeWord(Check check) {
    Pinned pinned = words;
    if (pinned == null) {
      throw new IllegalStateException("a check without its word");
    }
    free.add(check.slot);
    return pinned.memory.get(JAVA_LONG, 8L * check.slot);
  }
}
