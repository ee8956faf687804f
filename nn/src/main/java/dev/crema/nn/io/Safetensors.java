package dev.crema.nn.io;

import dev.crema.tensor.Device;
import dev.crema.tensor.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Named tensors in a file, as Hugging Face's safetensors writes them: the length of the header as a
 * little-endian 64-bit integer, the header in JSON, then the elements of all tensors, little-endian
 * and row-major. Format: <a href="https://github.com/huggingface/safetensors">safetensors</a>.
 *
 * <p>Dtypes: F32, F64, I32, I64, U8 and BOOL. Reading trusts nothing: a header that lies about
 * lengths, offsets or shapes is a {@link DataException}, and memory grows only with the file's real
 * size. Writing is atomic, see {@link AtomicFile}.
 */
public final class Safetensors {
  /** How a zip file starts, read as a little-endian integer. */
  private static final int ZIP = 0x04034b50;

  private Safetensors() {}

  /**
   * Reads every tensor of a file, on the CPU; they belong to the current scope, if there is one.
   *
   * @return the tensors by name, in the header's order
   * @throws DataException if the file is not there, corrupt, or has a dtype that Crema lacks
   */
  public static Map<String, Tensor> read(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      SafetensorsHeader header = readHeader(file, channel);
      BoundedInput.requireHeap(
          file, header.dataBytes(), header.largestTensorBytes(), Runtime.getRuntime().maxMemory());
      long dataStart = channel.position();
      var tensors = new LinkedHashMap<String, Tensor>();
      boolean complete = false;
      try {
        for (var entry : header.tensors().entrySet()) {
          TensorInfo info = entry.getValue();
          String source = file + ": tensor '" + entry.getKey() + "'";
          channel.position(dataStart + info.begin());
          Object array = ArrayCodec.read(source, channel, info);
          tensors.put(
              entry.getKey(), Tensor.copyOf(array, info.dtype(), info.shape(), Device.cpu()));
        }
        complete = true;
        return tensors;
      } finally {
        if (!complete) {
          tensors.values().forEach(Tensor::close);
        }
      }
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }

  /** Reads what is in a file, without its elements. */
  public static SafetensorsHeader readHeader(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      return readHeader(file, channel);
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }

  private static SafetensorsHeader readHeader(Path file, SeekableByteChannel channel)
      throws IOException {
    long size = channel.size();
    if (size < Long.BYTES) {
      throw notSafetensors(
          file, "at least 8 bytes", String.valueOf(size), SafetensorsHeader.CORRUPT);
    }
    long length =
        readFully(channel, ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN))
            .getLong();
    long most = Math.min(SafetensorsHeader.MAX_BYTES, size - Long.BYTES);
    if (length < 2 || length > most) {
      throw notSafetensors(
          file,
          String.format(Locale.ROOT, "a header of 2 to %,d bytes", most),
          Long.toUnsignedString(length),
          (int) length == ZIP
              ? "this is a zip file; if PyTorch wrote it, safetensors.torch.save_file converts it"
              : SafetensorsHeader.CORRUPT);
    }
    // Parsed, a header takes several times its length.
    BoundedInput.requireHeap(file, 8 * length);
    byte[] json = readFully(channel, ByteBuffer.allocate((int) length)).array();
    return SafetensorsHeader.parse(file, json, size - Long.BYTES - length);
  }

  private static DataException notSafetensors(Path file, String expected, String got, String hint) {
    return DataException.wrongFormat(file, SafetensorsHeader.FORMAT, expected, got, hint, null);
  }

  static ByteBuffer readFully(SeekableByteChannel channel, ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (channel.read(into) < 0) {
        throw new EOFException("the file became shorter while it was read");
      }
    }
    return into.flip();
  }

  /** Writes tensors without metadata; see {@link #write(Path, Map, Map)}. */
  public static void write(Path file, Map<String, Tensor> tensors) {
    write(file, tensors, Map.of());
  }

  /**
   * Replaces or creates a file, atomically: after a failure the file is what it was before.
   *
   * @param tensors by name, on any device; views are written as their elements in row-major order
   * @param metadata free text by key, e.g. how the weights were trained
   * @throws DataException if the file cannot be written
   * @throws IllegalArgumentException for a tensor named {@code __metadata__}, or text that is not
   *     valid Unicode
   */
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
    write(file, tensors, metadata, AtomicFile.NEW_FILE);
  }

  static void write(
      Path file,
      Map<String, Tensor> tensors,
      Map<String, String> metadata,
      AtomicFile.Opener opener) {
    var infos = new LinkedHashMap<String, TensorInfo>();
    tensors.forEach((name, t) -> infos.put(name, new TensorInfo(t.dtype(), t.shape(), 0, 0)));
    SafetensorsHeader header = SafetensorsHeader.layOut(infos, metadata);
    byte[] json = header.encode();
    AtomicFile.write(file, out -> write(out, json, header, tensors), opener);
  }

  private static void write(
      WritableByteChannel out, byte[] json, SafetensorsHeader header, Map<String, Tensor> tensors)
      throws IOException {
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    AtomicFile.writeFully(out, length.putLong(json.length).flip());
    AtomicFile.writeFully(out, ByteBuffer.wrap(json));
    for (String name : header.tensors().keySet()) {
      ArrayCodec.write(out, Objects.requireNonNull(tensors.get(name)).toArray());
    }
  }
}
