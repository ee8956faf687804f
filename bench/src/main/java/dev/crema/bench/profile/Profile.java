package dev.crema.bench.profile;

import java.util.List;

/**
 * What ran between start and stop, on one thread.
 *
 * @param calls in their order
 * @param stepNanos how long each step took, up to {@link Profiler#step}
 * @param nanos from start to stop, on the device's clock
 * @param allocations how often memory was asked for, by any thread
 * @param allocatedBytes how much of it
 * @param peakBytes the most that was live at once, so far in this program
 */
public record Profile(
    List<Call> calls,
    List<Long> stepNanos,
    long nanos,
    long allocations,
    long allocatedBytes,
    long peakBytes) {

  /** The time in ops. */
  public long opNanos() {
    return calls.stream().mapToLong(Call::nanos).sum();
  }

  /** The rest: the device, or on the CPU the op's caller, between one op and the next. */
  public long betweenNanos() {
    return nanos - opNanos();
  }

  /** Kernels, and calls of libraries. */
  public long launches() {
    return calls.stream().mapToLong(Call::launches).sum();
  }

  /** By op, the longest first. */
  public List<Total> byOp() {
    return Total.of(calls, Call::op);
  }

  /** By layer, the longest first. */
  public List<Total> byLayer() {
    return Total.of(calls, call -> call.layer().isEmpty() ? "(outside)" : call.layer());
  }
}
