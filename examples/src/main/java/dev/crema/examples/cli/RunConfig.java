package dev.crema.examples.cli;

import dev.crema.backend.Backends;
import dev.crema.examples.run.Settings;
import dev.crema.tensor.Device;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code config.json} says of a run.
 *
 * @param repeat the command that repeats it, into a folder of its own
 * @param settings what it ran with
 * @param environment what it ran on
 * @param started when, in UTC
 */
record RunConfig(String repeat, Settings settings, Environment environment, String started) {

  /**
   * @param crema version of Crema
   * @param commit the commit of its checkout
   * @param java version and vendor of the JVM
   * @param system operating system and instruction set
   * @param cpu the processor
   * @param processors how many of them
   * @param backend what computed, and how wide
   * @param maxHeapBytes what the heap could grow to
   */
  record Environment(
      String crema,
      String commit,
      String java,
      String system,
      String cpu,
      int processors,
      String backend,
      long maxHeapBytes) {

    static Environment here(Device device) {
      Machine machine = Machine.here();
      return new Environment(
          Version.number(),
          Version.commit(),
          machine.java(),
          machine.system(),
          machine.cpu(),
          machine.processors(),
          Backends.get(device).description(),
          machine.maxHeap());
    }
  }

  static RunConfig of(Settings settings) {
    return new RunConfig(
        command(settings),
        settings,
        Environment.here(Device.parse(settings.device())),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private static String command(Settings s) {
    var words = new ArrayList<Object>(List.of("./crema", "train", s.model()));
    words.addAll(List.of("--dataset", s.dataset(), "--epochs", s.epochs()));
    if (s.data() != null) {
      words.addAll(List.of("--data", s.data()));
    }
    if (s.limit() != null) {
      words.addAll(List.of("--limit", s.limit()));
    }
    if (s.resume() != null) {
      words.addAll(List.of("--resume", s.resume()));
    }
    if (s.steps() != null) {
      words.addAll(List.of("--steps", s.steps()));
    }
    words.addAll(List.of("--batch", s.batch(), "--optimizer", s.optimizer(), "--lr", s.lr()));
    words.addAll(List.of("--momentum", s.momentum(), "--weight-decay", s.weightDecay()));
    words.addAll(List.of("--schedule", s.schedule(), "--seed", s.seed()));
    words.addAll(List.of("--device", s.device(), "--threads", s.threads()));
    if (s.graphs()) {
      words.add("--graphs");
    }
    if (s.channelsLast()) {
      words.add(ChannelsLast.OPTION);
    }
    return String.join(" ", words.stream().map(word -> quoted(word.toString())).toList());
  }

  /** As a shell reads it back. */
  private static String quoted(String word) {
    return word.matches("[\\w./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
