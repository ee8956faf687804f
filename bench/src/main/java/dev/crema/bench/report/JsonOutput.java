package dev.crema.bench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.crema.bench.lab.Environment;
import dev.crema.bench.lab.Layer;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One object: the environment, and a list of layers with their rows. */
final class JsonOutput implements LabOutput {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final PrintWriter out;
  private final List<Map<String, @Nullable Object>> layers = new ArrayList<>();
  private @Nullable Environment environment;

  JsonOutput(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void begin(Environment where) {
    environment = where;
  }

  @Override
  public void layer(Layer layer) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("name", layer.problem().name());
    map.put("problem", layer.problem().notation());
    map.put("direction", layer.direction().label());
    map.put("dtype", layer.dtype().toString());
    map.put("device", layer.device().toString());
    map.put("threads", layer.threads());
    map.put("flops", layer.flops());
    map.put("bytes", layer.bytes());
    map.put("peak", layer.peak());
    map.put("rows", layer.rows());
    map.put("pick", layer.pick().orElse(null));
    layers.add(map);
  }

  @Override
  public void end() {
    var all = new LinkedHashMap<String, @Nullable Object>();
    all.put("environment", environment);
    all.put("layers", layers);
    try {
      out.println(MAPPER.writeValueAsString(all));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("records of numbers and strings became no JSON", e);
    }
    out.flush();
  }
}
