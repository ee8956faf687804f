package dev.crema.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.crema.backend.Backends;
import dev.crema.nn.testing.RealData;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
  @TempDir Path folder;
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open("test");
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void everyDtypeComesBackAsItWent() {
    var tensors = new LinkedHashMap<String, Tensor>();
    tensors.put("u8", Tensor.copyOf(new byte[] {0, 1, (byte) 200}, 3));
    tensors.put("f32", Tensor.copyOf(new float[] {1.5f, Float.NaN, -0f, 1e-45f}, 2, 2));
    tensors.put("bool", Tensor.copyOf(new boolean[] {true, false, true}, 1, 3));
    tensors.put("f64", Tensor.copyOf(new double[] {Math.PI}, 1));
    tensors.put("i32", Tensor.copyOf(new int[] {Integer.MIN_VALUE, 7}, 2));
    tensors.put("i64", Tensor.copyOf(new long[] {Long.MAX_VALUE, -1}, 2, 1));
    tensors.put("f16", Tensor.copyOf(new float[] {0.1f, -65504}, 2).to(DType.F16));
    tensors.put("bf16", Tensor.copyOf(new float[] {0.1f, 3e38f, -0f}, 3).to(DType.BF16));
    tensors.put("scalar", Tensor.scalar(42, DType.F32, Device.cpu()));
    tensors.put("empty", Tensor.copyOf(new float[0], 0, 3));
    Path file = folder.resolve("all.safetensors");
    Safetensors.write(file, tensors, Map.of("note", "Grüße \"\\ \n 😀"));

    Map<String, Tensor> back = Safetensors.read(file);
    assertThat(back).containsOnlyKeys(tensors.keySet());
    tensors.forEach(
        (name, t) -> {
          Tensor b = Objects.requireNonNull(back.get(name));
          assertThat(b.dtype()).as(name).isEqualTo(t.dtype());
          assertThat(b.shape()).as(name).isEqualTo(t.shape());
          assertThat(b.toArray()).as(name).isEqualTo(t.toArray());
        });
    assertThat(Safetensors.readHeader(file).metadata()).containsEntry("note", "Grüße \"\\ \n 😀");
  }

  @Test
  void tensorsLargerThanAChunkComeBack() {
    float[] values = new float[700_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 0.37f;
    }
    Path file = folder.resolve("large.safetensors");
    Safetensors.write(file, Map.of("w", Tensor.copyOf(values)));
    assertThat(tensor(Safetensors.read(file), "w").toFloatArray()).isEqualTo(values);
  }

  @Test
  void theBytesAreThoseOfTheFormat() throws IOException {
    var tensors = new LinkedHashMap<String, Tensor>();
    tensors.put("b", Tensor.copyOf(new byte[] {7}, 1));
    tensors.put("a", Tensor.copyOf(new float[] {1}, 1));
    Path file = folder.resolve("bytes.safetensors");
    Safetensors.write(file, tensors, Map.of("k", "v"));

    String json =
        """
        {"__metadata__":{"k":"v"},\
        "a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},\
        "b":{"dtype":"U8","shape":[1],"data_offsets":[4,5]}}\
        """;
    int padded = Math.ceilDiv(json.length(), 8) * 8;
    var expected = ByteBuffer.allocate(8 + padded + 5).order(ByteOrder.LITTLE_ENDIAN);
    expected.putLong(padded).put(json.getBytes(StandardCharsets.UTF_8));
    while (expected.position() < 8 + padded) {
      expected.put((byte) ' ');
    }
    expected.putFloat(1).put((byte) 7);
    assertThat(Files.readAllBytes(file)).isEqualTo(expected.array());
  }

  @Test
  void theOrderOfTheMetadataDoesNotChangeTheBytes() throws IOException {
    var ascending = new LinkedHashMap<String, String>();
    var descending = new LinkedHashMap<String, String>();
    for (int i = 0; i < 9; i++) {
      ascending.put("k" + i, "v" + i);
      descending.put("k" + (8 - i), "v" + (8 - i));
    }
    Map<String, Tensor> tensors = Map.of("a", Tensor.copyOf(new float[] {1}, 1));
    Path one = folder.resolve("one.safetensors");
    Path two = folder.resolve("two.safetensors");
    Safetensors.write(one, tensors, ascending);
    Safetensors.write(two, tensors, descending);
    assertThat(two).hasSameBinaryContentAs(one);
    assertThat(Safetensors.readHeader(two).metadata()).isEqualTo(ascending);
  }

  @Test
  void aViewIsWrittenAsItsElements() {
    Tensor transposed = Tensor.copyOf(new float[] {1, 2, 3, 4, 5, 6}, 2, 3).transpose(0, 1);
    Path file = folder.resolve("view.safetensors");
    Safetensors.write(file, Map.of("t", transposed));
    Tensor back = tensor(Safetensors.read(file), "t");
    assertThat(back.shape()).isEqualTo(Shape.of(3, 2));
    assertThat(back.toFloatArray()).containsExactly(1, 4, 2, 5, 3, 6);
  }

  @Test
  void noTensorsAreAFileToo() {
    Path file = folder.resolve("none.safetensors");
    Safetensors.write(file, Map.of());
    assertThat(Safetensors.read(file)).isEmpty();
  }

  @Test
  void aPretrainedResNetReads() {
    Map<String, Tensor> resnet =
        Safetensors.read(RealData.at("models/resnet20-12fca82f.safetensors"));
    assertThat(resnet).hasSize(97).containsKeys("layer1.0.conv1.weight", "linear.bias");
    assertThat(resnet.values().stream().mapToLong(Tensor::numel).sum()).isEqualTo(271_098);
    Tensor conv1 = tensor(resnet, "conv1.weight");
    assertThat(conv1.shape()).isEqualTo(Shape.of(16, 3, 3, 3));
    assertThat(conv1.toFloatArray()[1]).isCloseTo(-0.16241768f, within(1e-7f));
    assertThat(tensor(resnet, "linear.bias").toFloatArray()[3])
        .isCloseTo(0.32253674f, within(1e-7f));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          text before           | x{}                                                              | '{'
          an array              | []                                                               | '{'
          deep nesting          | [[[[[[[[[[                                                       | '{'
          text after            | {}x                                                              | the end
          a lone quote          | {"                                                               | the end of the text
          a control character   | {"a	b":1}                                                          | escaped
          a bad escape          | {"\\q":1}                                                         | escape sequence
          half a surrogate pair | {"\\ud800":{}}                                                    | surrogate
          a list for a tensor   | {"t":[]}                                                         | tensor 't'
          a part of the fields  | {"t":{"dtype":"F32","shape":[1]}}                                | a part of them
          an unknown field      | {"t":{"strides":[1]}}                                            | 'strides'
          a field twice         | {"t":{"dtype":"F32","dtype":"F32"}}                              | each once
          a name twice          | {"t":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"t":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}} | 't' twice
          a negative size       | {"t":{"dtype":"U8","shape":[-1],"data_offsets":[0,0]}}           | an integer from 0
          a fraction            | {"t":{"dtype":"U8","shape":[1.5],"data_offsets":[0,0]}}          | an integer from 0
          a huge number         | {"t":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,0]}} | below 2^63
          a shape that overflows | {"t":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}} | at most 2^63 bytes
          bytes that overflow   | {"t":{"dtype":"F64","shape":[4611686018427387904],"data_offsets":[0,0]}} | at most 2^63 bytes
          a wrong length        | {"t":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}           | 8 bytes of data for f32 [2]
          offsets backwards     | {"t":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}           | data_offsets [4, 0]
          offsets past the end  | {"t":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}          | 16 bytes of tensors
          a gap                 | {"t":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}           | starts where the tensor before it ends
          an overlap            | {"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"u":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | tensor 'u'
          trailing bytes        | {"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}           | 8 bytes after the header
          8-bit floats          | {"t":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}       | tensor 't': expected a dtype of F32, F64, F16, BF16
          metadata of numbers   | {"__metadata__":{"k":1}}                                         | '"'
          a bool of 2           | {"t":{"dtype":"BOOL","shape":[8],"data_offsets":[0,8]}}          | bool elements
          """)
  void aHeaderThatIsNotRightIsExplained(String what, String json, String expected)
      throws IOException {
    Path file = folder.resolve("bad.safetensors");
    byte[] header = json.getBytes(StandardCharsets.UTF_8);
    var bytes = ByteBuffer.allocate(8 + header.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length).put(header).putLong(0x0202020202020202L);
    Files.write(file, bytes.array());
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("bad.safetensors")
        .hasMessageContaining(expected)
        .hasMessageContaining(". Hint: ");
  }

  @Test
  void anotherFormatIsNamedFirst() throws IOException {
    Path text = Files.writeString(folder.resolve("notes.txt"), "Weights are elsewhere.\n");
    assertThatThrownBy(() -> Safetensors.read(text))
        .hasMessageStartingWith(text + ": not a safetensors file: ")
        .hasMessageContaining("check that it is the right file");
    Path zip = Files.write(folder.resolve("model.pt"), new byte[] {'P', 'K', 3, 4, 0, 0, 8, 8, 0});
    assertThatThrownBy(() -> Safetensors.read(zip))
        .hasMessageStartingWith(zip + ": not a safetensors file: ")
        .hasMessageContaining("safetensors.torch.save_file");
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "-1", "9", "100000001", "9223372036854775807", "-9223372036854775808"})
  void aHeaderLengthThatLiesIsExplained(long length) throws IOException {
    Path file = folder.resolve("lie.safetensors");
    var bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(
        file, bytes.putLong(length).put("{}      ".getBytes(StandardCharsets.UTF_8)).array());
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            file + ": not a safetensors file: expected a header of 2 to 8 bytes")
        .hasMessageContaining("got " + Long.toUnsignedString(length));
  }

  @Test
  void aHeaderThatIsNotUtf8IsExplained() throws IOException {
    Path file = folder.resolve("latin.safetensors");
    var bytes = ByteBuffer.allocate(11).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file, bytes.putLong(3).put(new byte[] {'{', (byte) 0xE4, '}'}).array());
    assertThatThrownBy(() -> Safetensors.read(file)).hasMessageContaining("a header in UTF-8");
  }

  @Test
  void aSparseFileOfHugeTensorsIsNotAnOutOfMemoryError() throws IOException {
    long bytes = 1L << 41;
    String json =
        "{\"t\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[0,%d]}}".formatted(bytes, bytes);
    Path file = folder.resolve("sparse.safetensors");
    try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.writeLong(Long.reverseBytes(json.length()));
      sparse.write(json.getBytes(StandardCharsets.UTF_8));
      sparse.setLength(8 + json.length() + bytes);
    } catch (IOException e) {
      abort("skipped: no sparse files here: " + e);
    }
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("-Xmx");
  }

  @Test
  void aMissingFileIsExplained() {
    assertThatThrownBy(() -> Safetensors.read(folder.resolve("gone.safetensors")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("gone.safetensors")
        .hasMessageContaining("check the path");
  }

  @Test
  void aFileThatFailsHalfWayLeavesNoTensorOpen() throws IOException {
    Path file = folder.resolve("half.safetensors");
    var tensors = new LinkedHashMap<String, Tensor>();
    tensors.put("a", Tensor.copyOf(new float[1000]));
    tensors.put("flags", Tensor.copyOf(new boolean[1]));
    Safetensors.write(file, tensors);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] = 9;
    Files.write(file, bytes);
    long before = Backends.get(Device.cpu()).memoryStats().liveBuffers();
    assertThatThrownBy(() -> Safetensors.read(file)).hasMessageContaining("tensor 'flags'");
    assertThat(Backends.get(Device.cpu()).memoryStats().liveBuffers()).isEqualTo(before);
  }

  @Test
  void aFullDiskLeavesThePreviousCheckpoint() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full), "skipped: this system has no /dev/full");
    Path file = folder.resolve("model.safetensors");
    Safetensors.write(file, Map.of("w", Tensor.copyOf(new float[] {1, 2, 3})));
    assertThatThrownBy(
            () ->
                Safetensors.write(
                    file,
                    Map.of("w", Tensor.copyOf(new float[] {4, 5, 6})),
                    Map.of(),
                    _ -> FileChannel.open(full, StandardOpenOption.WRITE)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the previous file is unchanged");
    assertThat(tensor(Safetensors.read(file), "w").toFloatArray()).containsExactly(1, 2, 3);
  }

  @Test
  void aClosedTensorFailsToBeWrittenAndLeavesThePreviousCheckpoint() {
    Path file = folder.resolve("model.safetensors");
    Safetensors.write(file, Map.of("w", Tensor.copyOf(new float[] {1, 2, 3})));
    Tensor closed = Tensor.copyOf(new float[] {4});
    closed.close();
    assertThatThrownBy(() -> Safetensors.write(file, Map.of("w", closed)))
        .isInstanceOf(dev.crema.tensor.ClosedException.class);
    assertThat(tensor(Safetensors.read(file), "w").toFloatArray()).containsExactly(1, 2, 3);
  }

  @Test
  void namesThatCannotBeWrittenAreRefused() {
    Tensor t = Tensor.copyOf(new float[] {1});
    for (String name : Arrays.asList("__metadata__", "half \ud800")) {
      assertThatThrownBy(() -> Safetensors.write(folder.resolve("x"), Map.of(name, t)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(folder).isEmptyDirectory();
  }

  private static Tensor tensor(Map<String, Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name));
  }
}
