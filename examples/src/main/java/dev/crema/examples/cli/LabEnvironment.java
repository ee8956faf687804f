package dev.crema.examples.cli;

import dev.crema.backend.Backends;
import dev.crema.bench.lab.Environment;
import dev.crema.cpu.Parallel;
import dev.crema.tensor.Device;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** What measurements were taken on, from what the command line knows. */
public final class LabEnvironment {
  private LabEnvironment() {}

  /** Now and here, for a command with its arguments. */
  static Environment here(@Nullable CommandSpec command) {
    return here(command, Device.cpu());
  }

  /** The same, where that device computes. */
  static Environment here(@Nullable CommandSpec command, Device device) {
    return here(
        command == null ? List.of() : command.root().commandLine().getParseResult().originalArgs(),
        device);
  }

  /** Now, here, and on the CPU. */
  public static Environment here(List<String> command) {
    return here(command, Device.cpu());
  }

  private static Environment here(List<String> command, Device device) {
    Machine machine = Machine.here();
    return new Environment(
        Version.number(),
        Version.commit(),
        machine.java(),
        String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()),
        machine.system(),
        machine.cpu(),
        machine.processors(),
        Backends.get(device).description(),
        Parallel.numThreads(),
        "./crema " + String.join(" ", command),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
  }
}
