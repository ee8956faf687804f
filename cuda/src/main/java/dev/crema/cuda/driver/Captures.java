package dev.crema.cuda.driver;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Which thread captures a step on a device, if one does. */
final class Captures {
  /** Held while one does: nobody may wait for the whole device then. */
  final ReentrantLock lock = new ReentrantLock();

  private volatile @Nullable GraphStep current;

  void set(@Nullable GraphStep step) {
    current = step;
  }

  /** The step that this thread captures, or null. */
  @Nullable GraphStep mine() {
    GraphStep step = current;
    return step != null && step.isMine() ? step : null;
  }
}
