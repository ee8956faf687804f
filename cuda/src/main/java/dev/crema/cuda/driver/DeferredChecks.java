package dev.crema.cuda.driver;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.crema.tensor.UnsupportedOpException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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

  private static final long NOTHING = -1;

  private record Check(long number, int slot, LongConsumer check) {}

  /**
   * A check of a captured step: each of its runs copies the word anew.
   *
   * @param address the word's, on the device; all ones while there is nothing to report
   */
  record Standing(long address, int slot, LongConsumer check) {}

  private final CUstream stream;
  private final Deque<Check> waiting = new ArrayDeque<>();
  private final List<Standing> standing = new CopyOnWriteArrayList<>();
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
    int slot = copy(address, stream);
    if (slot >= 0) {
      waiting.add(new Check(++count, slot, check));
    }
    return slot >= 0;
  }

  /**
   * Has each run of a step, which is captured on a stream, copy a word; it is looked at after every
   * wait.
   */
  synchronized Standing stand(long address, CUstream capturing, LongConsumer check) {
    int slot = copy(address, capturing);
    if (slot < 0) {
      throw new UnsupportedOpException(
          "%s: as many indices are checked as can be, %s. Hint: fewer captured steps at a time"
              .formatted(Running.op(), SLOTS));
    }
    words().memory.set(JAVA_LONG, 8L * slot, NOTHING);
    Standing s = new Standing(address, slot, check);
    standing.add(s);
    return s;
  }

  /** Ends a step's checks; what its last runs report, if it ran, is told after the next wait. */
  synchronized void retire(List<Standing> checks, boolean ran) {
    standing.removeAll(checks);
    for (Standing s : checks) {
      if (ran) {
        waiting.add(new Check(++count, s.slot, s.check));
      } else {
        free.add(s.slot);
      }
    }
  }

  /** Copies a word to a free slot, in a stream's order; below 0 when there is none. */
  private int copy(long address, CUstream on) {
    Pinned pinned = words();
    Integer slot = free.peek();
    if (slot == null) {
      return -1;
    }
    Driver.check(
        JCudaDriver.cuMemcpyDtoHAsync(pinned.at(8L * slot), new Address(address), 8, on),
        "cuMemcpyDtoHAsync");
    return free.remove();
  }

  private Pinned words() {
    Pinned pinned = words;
    if (pinned == null) {
      pinned = new Pinned(8L * SLOTS);
      words = pinned;
    }
    return pinned;
  }

  /** How many checks were added so far: what a wait that starts now covers. */
  synchronized long mark() {
    return count;
  }

  /**
   * Makes the checks up to a mark, after a wait that covered them; the first failure is thrown.
   *
   * @param reset has what a captured step reported, at an address, forgotten on the device
   */
  void run(long mark, LongConsumer reset) {
    RuntimeException first = null;
    for (Check next = poll(mark); next != null; next = poll(mark)) {
      try {
        next.check.accept(takeWord(next));
      } catch (RuntimeException e) {
        first = first == null ? e : first;
      }
    }
    for (Standing s : standing) {
      try {
        s.check.accept(wordOf(s));
      } catch (RuntimeException e) {
        first = first == null ? e : first;
        forget(s);
        reset.accept(s.address);
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private synchronized long wordOf(Standing s) {
    return words().memory.get(JAVA_LONG, 8L * s.slot);
  }

  private synchronized void forget(Standing s) {
    words().memory.set(JAVA_LONG, 8L * s.slot, NOTHING);
  }

  private synchronized @Nullable Check poll(long mark) {
    Check next = waiting.peek();
    return next == null || next.number > mark ? null : waiting.remove();
  }

  private synchronized long takeWord(Check check) {
    free.add(check.slot);
    return words().memory.get(JAVA_LONG, 8L * check.slot);
  }
}
