package dev.crema.bench.peers;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A workload as measured on some number of threads.
 *
 * @param entries the first is Crema's
 */
record Outcome(Workload workload, int threads, List<Entry> entries) {

  /** How it went. */
  enum Status {
    /** Its result was equal, and it was timed. */
    OK,
    /** It has no such thing. */
    ABSENT,
    /** Its result was another one: it was not timed. */
    DIFFERS,
    /** It failed. */
    FAILED
  }

  /**
   * One library.
   *
   * @param note what there is to say if it was not timed
   * @param ms of a call; null if it was not timed
   * @param ratio its time over Crema's in the same round; null for Crema
   */
  record Entry(
      String peer, Status status, String note, @Nullable Spread ms, @Nullable Spread ratio) {}

  /** Whether every result that there is was right. */
  boolean equal() {
    return entries.stream().allMatch(e -> e.status() == Status.OK || e.status() == Status.ABSENT);
  }

  Optional<Entry> entry(String peer) {
    return entries.stream().filter(e -> e.peer().equals(peer)).findFirst();
  }
}
