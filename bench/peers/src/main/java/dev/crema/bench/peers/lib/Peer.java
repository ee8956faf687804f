package dev.crema.bench.peers.lib;

import dev.crema.bench.peers.task.Task;
import org.jspecify.annotations.Nullable;

/** A library that runs here. */
public interface Peer {
  /** Its name in tables. */
  String name();

  /** Its version, and what it chose for this machine. */
  String details();

  /** How many threads it computes with, in contenders made from now on. */
  void setThreads(int threads);

  /** Makes it do this; null if the library has no such thing, or not on so many threads. */
  @Nullable Contender contender(Task task);
}
