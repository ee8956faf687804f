package dev.crema.bench.peers.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A message in Protocol Buffers' wire format, as far as ONNX needs it. It is kept in pieces, so
 * that large tensors are not copied from message to message.
 */
final class ProtoWriter {
  private static final int VARINT = 0;
  private static final int BYTES = 2;

  private final List<byte[]> pieces = new ArrayList<>();
  private int length;

  ProtoWriter number(int field, long value) {
    varint((long) field << 3 | VARINT);
    varint(value);
    return this;
  }

  ProtoWriter text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  ProtoWriter message(int field, ProtoWriter value) {
    varint((long) field << 3 | BYTES);
    varint(value.length);
    value.pieces.forEach(this::append);
    return this;
  }

  ProtoWriter floats(int field, float[] values) {
    var buffer = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES));
    buffer.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return bytes(field, buffer.array());
  }

  private ProtoWriter bytes(int field, byte[] value) {
    varint((long) field << 3 | BYTES);
    varint(value.length);
    append(value);
    return this;
  }

  private void varint(long value) {
    var bytes = new ByteArrayOutputStream();
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes.write((int) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
    append(bytes.toByteArray());
  }

  private void append(byte[] piece) {
    pieces.add(piece);
    length = Math.addExact(length, piece.length);
  }

  byte[] toBytes() {
    var all = ByteBuffer.allocate(length);
    pieces.forEach(all::put);
    return all.array();
  }
}
