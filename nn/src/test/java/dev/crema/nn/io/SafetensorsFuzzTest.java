package dev.crema.nn.io;

import dev.crema.nn.testing.Corruption;
import dev.crema.nn.testing.TempFile;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A damaged file is read as something, or refused with a DataException: never anything else. */
class SafetensorsFuzzTest {
  private static final TempFile FILE = TempFile.create();
  private static final byte[] VALID = valid();

  private static byte[] valid() {
    try (var scope = Scope.open("fuzz")) {
      var tensors = new LinkedHashMap<String, Tensor>();
      tensors.put("conv1.weight", Tensor.copyOf(new float[12], 2, 6));
      tensors.put("conv1.bias", Tensor.copyOf(new double[] {1, 2}));
      tensors.put("steps", Tensor.copyOf(new long[] {3}));
      tensors.put("mask", Tensor.copyOf(new boolean[] {true, false, true}));
      Safetensors.write(FILE.path(), tensors, Map.of("format", "pt"));
    }
    return FILE.read();
  }

  @Provide
  Arbitrary<List<Corruption>> corruptions() {
    return Corruption.any(VALID.length - 75, VALID.length).list().ofMinSize(1).ofMaxSize(3);
  }

  /** Texts of the header's own tokens, which get further into the parser than noise does. */
  @Provide
  Arbitrary<String> headers() {
    return Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"t\"",
            "\"u\"",
            "\"dtype\"",
            "\"shape\"",
            "\"F32\"",
            "\"data_offsets\"",
            "\"__metadata__\"",
            "0",
            "4",
            "8",
            "-1",
            "1e3",
            "true",
            "null",
            " ",
            "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}",
            "9223372036854775807")
        .list()
        .ofMaxSize(40)
        .map(tokens -> String.join("", tokens));
  }

  @Property(tries = 500)
  void aDamagedFileIsHarmless(@ForAll("corruptions") List<Corruption> corruptions) {
    byte[] damaged = VALID;
    for (Corruption c : corruptions) {
      damaged = damaged.length == 0 ? damaged : c.apply(damaged);
    }
    assertHarmless(damaged);
  }

  @Property(tries = 500)
  void anyHeaderIsHarmless(@ForAll("headers") String header) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    var bytes = ByteBuffer.allocate(8 + json.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    assertHarmless(bytes.putLong(json.length).put(json).array());
  }

  private static void assertHarmless(byte[] bytes) {
    FILE.write(bytes);
    Corruption.assertHarmless(
        () -> {
          try (var scope = Scope.open("read")) {
            Safetensors.read(FILE.path()).values().forEach(Tensor::toArray);
          }
        },
        8 << 20);
  }
}
