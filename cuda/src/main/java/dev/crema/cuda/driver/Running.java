package dev.crema.cuda.driver;

import java.util.ArrayList;
import java.util.List;

/**
 * What a thread does now, for errors and statistics. An op's result is allocated just before the op
 * starts, so the op that starts next gives its name to the blocks allocated since the last one.
 */
final class Running {
  private static final int MAX_UNNAMED = 16;
  private static final ThreadLocal<Running> CURRENT = ThreadLocal.withInitial(Running::new);

  private final List<Block> unnamed = new ArrayList<>();
  private final List<Object> held = new ArrayList<>();
  private String op = "cuda";

  private Running() {}

  static void start(String op) {
    Running running = CURRENT.get();
    running.op = op;
    running.held.clear();
    if (!running.unnamed.isEmpty()) {
      running.unnamed.forEach(block -> block.op = op);
      running.unnamed.clear();
    }
  }

  static String op() {
    return CURRENT.get().op;
  }

  /** Keeps an object from the garbage collector until this thread starts its next op. */
  static void hold(Object object) {
    CURRENT.get().held.add(object);
  }

  static void nameLater(Block block) {
    List<Block> unnamed = CURRENT.get().unnamed;
    if (unnamed.size() == MAX_UNNAMED) {
      unnamed.clear();
    }
    unnamed.add(block);
  }
}
