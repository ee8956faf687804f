package dev.crema.bench.turns;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.crema.backend.Backends;
import dev.crema.cpu.Parallel;
import dev.crema.tensor.Device;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One side of {@code bench/peers/pytorch/race.py}: a request in JSON on each line, an answer on
 * each.
 *
 * <pre>
 * {"do": "info"}                        {"name": …, "device": …}
 * {"do": "prepare", "task": "train" | "infer" | "conv", "model": …, "batch": …, "problem": …,
 *  "device": …, "precision": "f32" | "tf32" | "bf16", "channels_last": true | false,
 *  "graphs": true | false, "threads": …, "file": …}
 *                                       {"sizes": …}; writes weights and input to the file
 * {"do": "value"}                       {"value": …}: the loss, or the mean square of the result
 * {"do": "run", "steps": n}             {"seconds": …}
 * {"do": "memory"}                      {"bytes": …}: the most that was live at once
 * {"do": "quit"}                        ends
 * </pre>
 *
 * <p>What cannot be done is answered {@code {"error": …}}.
 */
public final class Peer {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final Set<String> PRECISIONS = Set.of("f32", "tf32", "bf16");

  private @Nullable Work work;

  private Peer() {}

  /** Answers what comes from the standard input until it ends. */
  public static void main(String[] args) throws IOException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    answer(in, new PrintWriter(System.out, true, StandardCharsets.UTF_8));
  }

  /** Answers requests until there are no more, or one says to quit. */
  public static void answer(BufferedReader in, PrintWriter out) throws IOException {
    var peer = new Peer();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonNode request = MAPPER.readTree(line);
      if (request.path("do").asText().equals("quit")) {
        break;
      }
      Map<String, ?> answer;
      try {
        answer = peer.answer(request);
      } catch (Exception e) { // told to the other side, which goes on
        answer = Map.of("error", e.getClass().getSimpleName() + ": " + e.getMessage());
      }
      out.println(MAPPER.writeValueAsString(answer));
    }
    peer.prepare(null);
  }

  private Map<String, ?> answer(JsonNode request) {
    return switch (request.path("do").asText()) {
      case "info" -> Map.of("name", "Crema", "device", Backends.get(Device.cpu()).description());
      case "prepare" -> {
        configure(request);
        prepare(null);
        Work next = Work.of(request);
        prepare(next);
        yield Map.of("sizes", next.sizes());
      }
      case "value" -> Map.of("value", prepared().value());
      case "run" -> Map.of("seconds", prepared().seconds(request.get("steps").asInt()));
      case "memory" -> Map.of("bytes", Backends.get(prepared().device).memoryStats().peakBytes());
      default -> throw new IllegalArgumentException("no such request: " + request);
    };
  }

  /** What holds for the process, before the device is opened. */
  private static void configure(JsonNode request) {
    String precision = request.path("precision").asText("f32");
    if (!PRECISIONS.contains(precision)) {
      throw new IllegalArgumentException("no such precision: " + precision);
    }
    boolean onCpu = Device.parse(request.get("device").asText()).equals(Device.cpu());
    if (onCpu && !precision.equals("f32")) {
      throw new IllegalArgumentException("Crema's CPU has no " + precision);
    }
    if (request.path("graphs").asBoolean() && request.path("task").asText().equals("conv")) {
      throw new IllegalArgumentException("a convolution is one launch: there are no graphs of it");
    }
    System.setProperty("crema.cuda.precision", precision.equals("tf32") ? "tf32" : "f32");
    if (request.path("threads").isInt()) {
      Parallel.setNumThreads(request.get("threads").asInt());
    }
  }

  private Work prepared() {
    if (work == null) {
      throw new IllegalStateException("nothing is prepared");
    }
    return work;
  }

  private void prepare(@Nullable Work next) {
    if (work != null) {
      work.close();
    }
    work = next;
  }
}
