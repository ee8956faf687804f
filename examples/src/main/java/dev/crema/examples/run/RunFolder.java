package dev.crema.examples.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.crema.nn.Module;
import dev.crema.nn.io.AtomicFile;
import dev.crema.nn.io.DataException;
import dev.crema.nn.io.Safetensors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;

/**
 * The folder of a run: {@code config.json}, {@code metrics.jsonl}, {@code model.safetensors}. Each
 * file is replaced as a whole, so that a crash, a full disk or Ctrl-C leaves what was there before;
 * the metrics grow by whole lines.
 */
public final class RunFolder {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
          .build();

  private final Path folder;

  private RunFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Starts a run: writes its configuration, and begins its metrics anew.
   *
   * @throws DataException if the folder cannot be written
   */
  public static RunFolder start(Path folder, Object config) {
    var run = new RunFolder(folder);
    run.replace(
        run.config(), json(config, JSON.writerWithDefaultPrettyPrinter()::writeValueAsString));
    run.replace(run.metrics(), "");
    return run;
  }

  /**
   * Why a run cannot start here, without touching anything: what is in the way, may not be written,
   * or would be lost, because there is a run already; nothing when all is well.
   */
  public static Optional<String> obstacle(Path folder) {
    Path existing = folder.toAbsolutePath().normalize();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing)) {
      return Optional.of(existing + " is a file, not a folder");
    }
    if (!Files.isWritable(existing)) {
      return Optional.of("there is no permission to write to " + existing);
    }
    var run = new RunFolder(folder);
    return Files.exists(run.config()) || Files.exists(run.metrics())
        ? Optional.of("there is a run in it. Hint: name another folder, or move that run away")
        : Optional.empty();
  }

  /** The folder itself. */
  public Path path() {
    return folder;
  }

  /** Everything that it takes to repeat the run. */
  public Path config() {
    return folder.resolve("config.json");
  }

  /** A line of JSON for every epoch, and for every step that was asked for. */
  public Path metrics() {
    return folder.resolve("metrics.jsonl");
  }

  /** The weights after the last epoch that ended. */
  public Path checkpoint() {
    return folder.resolve("model.safetensors");
  }

  /** Adds a line to the metrics. */
  public void log(Object report) {
    String line = json(report, JSON::writeValueAsString) + "\n";
    try {
      Files.writeString(
          metrics(),
          line,
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new DataException(
          metrics(), "to add a line", e.toString(), "check the free space and permissions", e);
    }
  }

  /** Replaces the checkpoint. */
  public void save(Module model, Map<String, String> about) {
    Safetensors.write(checkpoint(), model.stateDict(), about);
  }

  private void replace(Path file, String text) {
    AtomicFile.write(file, text);
  }

  private interface Writer {
    String write(Object value) throws JsonProcessingException;
  }

  private static String json(Object value, Writer writer) {
    try {
      return writer.write(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record that is not JSON: " + value, e);
    }
  }
}
