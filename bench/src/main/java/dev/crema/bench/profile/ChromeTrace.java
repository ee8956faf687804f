package dev.crema.bench.profile;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A profile as Chrome's trace events, for chrome://tracing and ui.perfetto.dev. */
public final class ChromeTrace {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);

  private static final int STEPS = 1;
  private static final int OPS = 2;

  private ChromeTrace() {}

  /** Writes one complete event per op, and above them one per step, in microseconds. */
  public static void write(Profile profile, Path file) throws IOException {
    List<Map<String, Object>> events = new ArrayList<>();
    events.add(named("process_name", 0, "Crema"));
    events.add(named("thread_name", STEPS, "steps"));
    events.add(named("thread_name", OPS, "ops"));
    long start = 0;
    int number = 0;
    for (long nanos : profile.stepNanos()) {
      events.add(event("step " + ++number, "step", STEPS, start, nanos));
      start += nanos;
    }
    for (Call call : profile.calls()) {
      Map<String, Object> about = new LinkedHashMap<>();
      about.put("layer", call.layer());
      about.put("shape", call.shape());
      about.put("launches", call.launches());
      about.put("flops", call.flops());
      about.put("bytes", call.bytes());
      Map<String, Object> event = event(call.op(), "op", OPS, call.start(), call.nanos());
      event.put("args", about);
      events.add(event);
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      MAPPER.writeValue(out, Map.of("traceEvents", events, "displayTimeUnit", "ns"));
    }
  }

  private static Map<String, Object> event(
      String name, String kind, int track, long start, long nanos) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("name", name);
    event.put("cat", kind);
    event.put("ph", "X");
    event.put("ts", start / 1e3);
    event.put("dur", nanos / 1e3);
    event.put("pid", 1);
    event.put("tid", track);
    return event;
  }

  /** What viewers call the process, or a track. */
  private static Map<String, Object> named(String what, int track, String name) {
    return Map.of("name", what, "ph", "M", "pid", 1, "tid", track, "args", Map.of("name", name));
  }
}
