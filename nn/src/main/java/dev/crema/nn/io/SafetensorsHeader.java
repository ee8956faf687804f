package dev.crema.nn.io;

import dev.crema.tensor.DType;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The header of a safetensors file: what is in it and where. After parsing, every tensor's byte
 * range fits its shape and dtype, and the ranges tile the data section without gap or overlap.
 *
 * @param tensors by name, in the header's order
 * @param metadata free text by key
 */
public record SafetensorsHeader(Map<String, TensorInfo> tensors, Map<String, String> metadata) {
  static final String METADATA = "__metadata__";

  /** The reference implementation's limit. */
  static final int MAX_BYTES = 100_000_000;

  static final String FORMAT = "a safetensors file";
  static final String CORRUPT = "check that it is the right file; if it is, fetch it again";

  /** Copies the maps; they keep their order. */
  public SafetensorsHeader {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /** The length of the data section in bytes. */
  public long dataBytes() {
    return tensors.values().stream().mapToLong(TensorInfo::end).max().orElse(0);
  }

  /** The length of the largest tensor in bytes. */
  long largestTensorBytes() {
    return tensors.values().stream().mapToLong(t -> t.end() - t.begin()).max().orElse(0);
  }

  /** Lays out tensors of these dtypes and shapes: widest dtypes first, so that all are aligned. */
  static SafetensorsHeader layOut(Map<String, TensorInfo> unplaced, Map<String, String> metadata) {
    if (unplaced.containsKey(METADATA)) {
      throw new IllegalArgumentException("safetensors: a tensor cannot be named " + METADATA);
    }
    var placed = new LinkedHashMap<String, TensorInfo>();
    long at = 0;
    var widestFirst =
        unplaced.entrySet().stream()
            .sorted(Comparator.comparingInt(e -> -e.getValue().dtype().bytes()))
            .toList();
    for (var entry : widestFirst) {
      TensorInfo t = entry.getValue();
      long end = at + t.shape().numel() * t.dtype().bytes();
      placed.put(entry.getKey(), new TensorInfo(t.dtype(), t.shape(), at, end));
      at = end;
    }
    return new SafetensorsHeader(placed, metadata);
  }

  /** The header as UTF-8 JSON, padded with spaces so that the data after it is 8-byte aligned. */
  byte[] encode() {
    var out = new StringBuilder("{");
    if (!metadata.isEmpty()) {
      quoted(out, METADATA).append(":{");
      // Sorted, so that the same content has the same bytes whatever map it came in.
      new TreeMap<>(metadata)
          .forEach((key, value) -> quoted(quoted(out, key).append(':'), value).append(','));
      out.setCharAt(out.length() - 1, '}');
      out.append(',');
    }
    tensors.forEach(
        (name, t) ->
            quoted(out, name)
                .append(":{\"dtype\":\"")
                .append(t.dtype().name())
                .append("\",\"shape\":")
                .append(t.shape().toString().replace(" ", ""))
                .append(",\"data_offsets\":[")
                .append(t.begin())
                .append(',')
                .append(t.end())
                .append("]},"));
    if (out.charAt(out.length() - 1) == ',') {
      out.setLength(out.length() - 1);
    }
    byte[] json = utf8(out.append('}'));
    byte[] padded = Arrays.copyOf(json, Math.ceilDiv(json.length, 8) * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  private static byte[] utf8(CharSequence text) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      return Arrays.copyOf(bytes.array(), bytes.limit());
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("safetensors: a name or text is not valid Unicode", e);
    }
  }

  private static StringBuilder quoted(StringBuilder out, String s) {
    JsonScanner.quote(s, out);
    return out;
  }

  /**
   * Reads and checks a header.
   *
   * @param source the file, for errors
   * @param json the header's bytes
   * @param dataBytes how long the file's data section really is
   */
  static SafetensorsHeader parse(Object source, byte[] json, long dataBytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
      var header = parse(source, new JsonScanner(text));
      header.requireTiling(source, dataBytes);
      return header;
    } catch (CharacterCodingException e) {
      throw DataException.wrongFormat(
          source, FORMAT, "a header in UTF-8", "other bytes", CORRUPT, e);
    } catch (JsonScanner.SyntaxException e) {
      throw corrupt(source, e);
    }
  }

  private static SafetensorsHeader parse(Object source, JsonScanner json)
      throws JsonScanner.SyntaxException {
    var tensors = new LinkedHashMap<String, TensorInfo>();
    Map<String, String> metadata = Map.of();
    boolean metadataSeen = false;
    json.expect('{');
    for (boolean more = !json.take('}'); more; more = json.more('}')) {
      String name = json.string();
      json.expect(':');
      if (name.equals(METADATA) ? metadataSeen : tensors.containsKey(name)) {
        throw new DataException(source, "every name once", "'" + name + "' twice", CORRUPT);
      }
      if (name.equals(METADATA)) {
        metadata = parseMetadata(source, json);
        metadataSeen = true;
      } else {
        tensors.put(name, parseTensor(source + ": tensor '" + name + "'", json));
      }
    }
    json.expectEnd();
    return new SafetensorsHeader(tensors, metadata);
  }

  private static Map<String, String> parseMetadata(Object source, JsonScanner json)
      throws JsonScanner.SyntaxException {
    var metadata = new LinkedHashMap<String, String>();
    json.expect('{');
    for (boolean more = !json.take('}'); more; more = json.more('}')) {
      String key = json.string();
      json.expect(':');
      if (metadata.put(key, json.string()) != null) {
        throw new DataException(source, "every key once", "'" + key + "' twice", CORRUPT);
      }
    }
    return metadata;
  }

  private static TensorInfo parseTensor(String source, JsonScanner json) {
    @Nullable String dtype = null;
    long @Nullable [] shape = null;
    long @Nullable [] offsets = null;
    try {
      json.expect('{');
      for (boolean more = !json.take('}'); more; more = json.more('}')) {
        String field = json.string();
        json.expect(':');
        if (field.equals("dtype") && dtype == null) {
          dtype = json.string();
        } else if (field.equals("shape") && shape == null) {
          shape = parseIntegers(json);
        } else if (field.equals("data_offsets") && offsets == null) {
          offsets = parseIntegers(json);
        } else {
          throw new JsonScanner.SyntaxException(
              "dtype, shape and data_offsets, each once", "'" + field + "'");
        }
      }
    } catch (JsonScanner.SyntaxException e) {
      throw corrupt(source, e);
    }
    if (dtype == null || shape == null || offsets == null || offsets.length != 2) {
      throw new DataException(
          source, "dtype, shape and two data_offsets", "a part of them", CORRUPT);
    }
    return checked(source, dtype, shape, offsets[0], offsets[1]);
  }

  private static long[] parseIntegers(JsonScanner json) throws JsonScanner.SyntaxException {
    var integers = Stream.<Long>builder();
    json.expect('[');
    for (boolean more = !json.take(']'); more; more = json.more(']')) {
      integers.add(json.integer());
    }
    return integers.build().mapToLong(Long::longValue).toArray();
  }

  private static TensorInfo checked(
      String source, String dtypeName, long[] sizes, long begin, long end) {
    DType dtype =
        Stream.of(DType.values())
            .filter(d -> d.name().equals(dtypeName))
            .findFirst()
            .orElseThrow(
                () ->
                    new DataException(
                        source,
                        "a dtype of "
                            + Stream.of(DType.values())
                                .map(DType::name)
                                .collect(Collectors.joining(", ")),
                        dtypeName,
                        "convert the file to F32 with the tool that wrote it"));
    try {
      Shape shape = Shape.of(sizes);
      long bytes = Math.multiplyExact(shape.numel(), (long) dtype.bytes());
      if (begin > end || end - begin != bytes) {
        throw new DataException(
            source,
            String.format(Locale.ROOT, "%,d bytes of data for %s %s", bytes, dtype, shape),
            String.format(Locale.ROOT, "data_offsets [%d, %d]", begin, end),
            CORRUPT);
      }
      return new TensorInfo(dtype, shape, begin, end);
    } catch (ShapeException | ArithmeticException e) {
      String got = Arrays.toString(sizes);
      throw new DataException(source, "a shape of at most 2^63 bytes", got, CORRUPT, e);
    }
  }

  private void requireTiling(Object source, long dataBytes) {
    List<Map.Entry<String, TensorInfo>> byPlace =
        tensors.entrySet().stream()
            .sorted(
                Comparator.comparingLong((Map.Entry<String, TensorInfo> e) -> e.getValue().begin())
                    .thenComparingLong(e -> e.getValue().end()))
            .toList();
    long at = 0;
    for (var entry : byPlace) {
      TensorInfo t = entry.getValue();
      if (t.begin() != at) {
        throw new DataException(
            source + ": tensor '" + entry.getKey() + "'",
            "data that starts where the tensor before it ends, at " + at,
            String.format(Locale.ROOT, "data_offsets [%d, %d]", t.begin(), t.end()),
            CORRUPT);
      }
      at = t.end();
    }
    if (at != dataBytes) {
      throw new DataException(
          source,
          String.format(Locale.ROOT, "%,d bytes of tensors", at),
          String.format(Locale.ROOT, "%,d bytes after the header", dataBytes),
          at > dataBytes ? "the file is cut off: fetch it again" : CORRUPT);
    }
  }

  private static DataException corrupt(Object source, JsonScanner.SyntaxException e) {
    return DataException.wrongFormat(
        source, FORMAT, "in the header " + e.expected, e.got, CORRUPT, e);
  }
}
