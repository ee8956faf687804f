package dev.crema.bench.lab;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Whether the JVM's own threads rest. C2 can work on one kernel for a second, during which times
 * look steady and are a hundred times too long; but what the process uses beyond its Java threads
 * shows it.
 */
public final class JitWatch {
  /** Process times have a resolution of 10 ms. */
  private static final double WINDOW_MS = 200;

  /** Of one processor. */
  private static final double RESTING = 0.08;

  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private long wall = System.nanoTime();
  private long used = jvmNanos();
  private boolean resting;

  /** Whether they rested in the last window; false before the first has passed. */
  public boolean rests() {
    long now = System.nanoTime();
    if (now - wall >= WINDOW_MS * 1e6) {
      long usedNow = jvmNanos();
      resting = usedNow - used < RESTING * (now - wall);
      wall = now;
      used = usedNow;
    }
    return resting;
  }

  /** Processor time of all threads that run no Java code: compilers, garbage collector. */
  private static long jvmNanos() {
    long java = 0;
    for (long id : THREADS.getAllThreadIds()) {
      java += Math.max(0, THREADS.getThreadCpuTime(id));
    }
    return PROCESS.getProcessCpuTime() - java;
  }
}
