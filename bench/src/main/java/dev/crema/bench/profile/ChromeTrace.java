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

  private ChromeTrace() {}

  /** Writes one complete event per op, in microseconds. */
  public static void write(Profile profile, Path file) throws IOException {
    List<Map<String, Object>> events = new ArrayList<>();
    for (Call call : profile.calls()) {
      Map<String, Object> about = new LinkedHashMap<>();
      about.put("layer", call.layer());
      about.put("shape", call.shape());
      about.put("launches", call.launches());
      about.put("flops", call.flops());
      about.put("bytes", call.bytes());
      Map<String, Object> event = new LinkedHashMap<>();
      event.put("name", call.op());
      event.put("cat", call.layer());
      event.put("ph", "X");
      event.put("ts", call.start() / 1e3);
      event.put("dur", call.nanos() / 1e3);
      event.put("pid", 1);
      event.put("tid", 1);
      event.put("args", about);
      events.add(event);
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      MAPPER.writeValue(out, Map.of("traceEvents", events, "displayTimeUnit", "ns"));
    }
  }
}
