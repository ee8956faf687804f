package dev.crema.natives;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A main class in a JVM of its own, on this one's class path. */
final class Java {
  private static final int MINUTES = 2;

  /** How a JVM ended, and what it printed. */
  record Result(int exit, String out, String err) {}

  private Java() {}

  /**
   * Runs a class.
   *
   * @param options for the JVM
   * @param environment on top of this one's; an empty value removes a variable
   */
  static Result run(
      List<String> options, Map<String, String> environment, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m"));
    command.addAll(options);
    command.addAll(List.of("-cp", classPath(), main.getName()));
    command.addAll(List.of(arguments));
    return run(command, environment, Path.of("."));
  }

  /** Runs any command. */
  static Result run(List<String> command, Map<String, String> environment, Path folder) {
    try {
      Path out = Files.createTempFile("crema-out", ".txt");
      Path err = Files.createTempFile("crema-err", ".txt");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      builder.environment().values().removeIf(String::isEmpty);
      Process process = builder.start();
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IllegalStateException(command + " did not end:\n" + Files.readString(err));
      }
      Result result = new Result(process.exitValue(), Files.readString(out), Files.readString(err));
      Files.delete(out);
      Files.delete(err);
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** With the CPU-executing driver, as this JVM has it. */
  static List<String> onCpuDriver() {
    return List.of("-Dcrema.cuda.driver=" + CpuDriver.library().toAbsolutePath());
  }

  /** Surefire's own jar names the class path in a property. */
  static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }
}
