package dev.crema.bench.peers.lib;

import java.util.List;

/** A library's way of doing a task, with the data loaded. */
public interface Contender extends AutoCloseable {
  /** Does it, and drops what comes out. */
  void run();

  /** Does it, and says what comes out, each array by rows. */
  List<float[]> compute();

  /** Frees its memory. */
  @Override
  void close();
}
