package dev.crema.cuda.driver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whether a library is as long as its program headers say (System V ABI, "Program Header"). The
 * loader maps one that is cut off and then dies of SIGBUS, the JVM with it.
 */
final class ElfLength {
  private static final int MAGIC = 0x464c457f;
  private static final byte CLASS_64 = 2;
  private static final int HEADER = 64;
  private static final int ENTRY = 56;

  private ElfLength() {}

  /** What is missing, or null when nothing is; of another kind of file the loader knows more. */
  static @Nullable String fault(Path library) {
    try (FileChannel file = FileChannel.open(library)) {
      ByteBuffer header = read(file, 0, HEADER);
      if (header.limit() < HEADER || header.getInt(0) != MAGIC || header.get(4) != CLASS_64) {
        return null;
      }
      long at = header.getLong(32);
      int count = Short.toUnsignedInt(header.getShort(56));
      long needed = at + (long) count * ENTRY;
      for (int i = 0; i < count && needed <= file.size(); i++) {
        ByteBuffer entry = read(file, at + (long) i * ENTRY, ENTRY);
        needed = Math.max(needed, entry.getLong(8) + entry.getLong(32));
      }
      return needed <= file.size()
          ? null
          : "%s: the file is cut off: its header tells of %d bytes or more, and it has %d"
              .formatted(library, needed, file.size());
    } catch (IOException _) {
      return null; // the loader says why it cannot be read
    }
  }

  private static ByteBuffer read(FileChannel file, long at, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining() && file.read(buffer, at + buffer.position()) > 0) {}
    return buffer.flip();
  }
}
