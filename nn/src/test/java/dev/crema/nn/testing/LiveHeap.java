package dev.crema.nn.testing;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What is reachable on the heap, counted by the JVM object by object. (The heap's used size is no
 * measure: a collector may leave garbage where moving it is not worth it.)
 */
public final class LiveHeap {
  private LiveHeap() {}

  /** Collects garbage and returns instances and bytes per class. */
  public static Map<String, long[]> histogram() {
    String text;
    try {
      text =
          (String)
              ManagementFactory.getPlatformMBeanServer()
                  .invoke(
                      new ObjectName("com.sun.management:type=DiagnosticCommand"),
                      "gcClassHistogram",
                      new Object[] {new String[0]},
                      new String[] {String[].class.getName()});
    } catch (JMException e) {
      throw new IllegalStateException("no class histogram from this JVM", e);
    }
    Map<String, long[]> histogram = new HashMap<>();
    text.lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(words -> words.length >= 4 && words[0].endsWith(":"))
        .forEach(
            words ->
                histogram.put(
                    words[3], new long[] {Long.parseLong(words[1]), Long.parseLong(words[2])}));
    return histogram;
  }

  /** The instances of all classes whose names start so. */
  public static long instances(Map<String, long[]> histogram, String prefix) {
    return histogram.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .mapToLong(entry -> entry.getValue()[0])
        .sum();
  }

  /** The bytes of all instances. */
  public static long bytes(Map<String, long[]> histogram) {
    return histogram.values().stream().mapToLong(counts -> counts[1]).sum();
  }
}
