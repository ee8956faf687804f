package dev.crema.examples.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The machine and the JVM that this runs on.
 *
 * @param java vendor, version and virtual machine
 * @param javaHome where that JDK lies
 * @param system operating system and instruction set
 * @param cpu the processor's name
 * @param processors how many processors this JVM may use
 * @param memory bytes of main memory, if they can be asked for
 * @param maxHeap bytes that the heap may grow to
 */
record Machine(
    String java,
    String javaHome,
    String system,
    String cpu,
    int processors,
    Optional<Long> memory,
    long maxHeap) {

  static Machine here() {
    Runtime runtime = Runtime.getRuntime();
    return new Machine(
        "%s %s, %s"
            .formatted(
                System.getProperty("java.vendor"),
                Runtime.version(),
                System.getProperty("java.vm.name")),
        System.getProperty("java.home"),
        "%s %s, %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")),
        cpuName(),
        runtime.availableProcessors(),
        totalMemory(),
        runtime.maxMemory());
  }

  private static Optional<Long> totalMemory() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean os
        ? Optional.of(os.getTotalMemorySize())
        : Optional.empty();
  }

  /** What the system calls its processor: Linux tells in a file, Windows in a variable. */
  private static String cpuName() {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown CPU");
    } catch (IOException _) {
      String windows = System.getenv("PROCESSOR_IDENTIFIER");
      return windows == null ? "unknown CPU" : windows;
    }
  }
}
