package dev.crema.cuda.driver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a shared object of x86-64 Linux need another library: rewrites the name in DT_NEEDED, and
 * that library's version node of the same name with its hash, in place. JCublas2 12.6.0, built for
 * libcublas.so.12, so runs with libcublas.so.13. Format: System V ABI, "Dynamic Linking", and the
 * Linux Standard Base, "Symbol Versioning".
 */
final class ElfRetarget {
  private static final int MAGIC = 0x464c457f;
  private static final byte CLASS_64 = 2;
  private static final byte LITTLE_ENDIAN = 1;
  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final long DT_NULL = 0;
  private static final long DT_NEEDED = 1;
  private static final long DT_STRTAB = 5;
  private static final long DT_VERNEED = 0x6ffffffeL;
  private static final long DT_VERNEEDNUM = 0x6fffffffL;

  /** A part of the file and the addresses that it is loaded at. */
  private record Segment(long address, long offset, long size) {}

  private final byte[] bytes;
  private final ByteBuffer elf;
  private final List<Segment> segments = new ArrayList<>();
  private final List<Long> needed = new ArrayList<>();
  private int strings;
  private int versions;
  private long versionCount;

  private ElfRetarget(byte[] bytes) {
    this.bytes = bytes;
    this.elf = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < 64
        || elf.getInt(0) != MAGIC
        || elf.get(4) != CLASS_64
        || elf.get(5) != LITTLE_ENDIAN) {
      throw new IllegalArgumentException("not a 64-bit little-endian ELF file");
    }
    readDynamic(readSegments());
  }

  /**
   * A copy of the file that needs {@code to} instead of {@code from}, a name of the same length.
   *
   * @throws IllegalArgumentException when the file is none, or does not need {@code from}
   */
  static byte[] retarget(byte[] file, String from, String to) {
    if (from.length() != to.length()) {
      throw new IllegalArgumentException("%s and %s differ in length".formatted(from, to));
    }
    ElfRetarget elf = new ElfRetarget(file.clone());
    elf.rename(from, to);
    return elf.bytes;
  }

  /** Fills {@link #segments}; returns where the dynamic section is. */
  private int readSegments() {
    int size = Short.toUnsignedInt(elf.getShort(54));
    int count = Short.toUnsignedInt(elf.getShort(56));
    int dynamic = -1;
    for (int i = 0; i < count; i++) {
      int at = Math.toIntExact(elf.getLong(32)) + i * size;
      int type = elf.getInt(at);
      if (type == PT_DYNAMIC) {
        dynamic = Math.toIntExact(elf.getLong(at + 8));
      } else if (type == PT_LOAD) {
        segments.add(new Segment(elf.getLong(at + 16), elf.getLong(at + 8), elf.getLong(at + 32)));
      }
    }
    if (dynamic < 0) {
      throw new IllegalArgumentException("not a shared object");
    }
    return dynamic;
  }

  private void readDynamic(int dynamic) {
    for (int at = dynamic; elf.getLong(at) != DT_NULL; at += 16) {
      long tag = elf.getLong(at);
      long value = elf.getLong(at + 8);
      if (tag == DT_NEEDED) {
        needed.add(value);
      } else if (tag == DT_STRTAB) {
        strings = offset(value);
      } else if (tag == DT_VERNEED) {
        versions = offset(value);
      } else if (tag == DT_VERNEEDNUM) {
        versionCount = value;
      }
    }
  }

  private void rename(String from, String to) {
    // The version table first: its names may share their bytes with DT_NEEDED's.
    int at = versions;
    for (long i = 0; i < versionCount; i++) {
      if (string(elf.getInt(at + 4)).equals(from)) {
        renameVersions(at, from, to);
        write(elf.getInt(at + 4), to);
      }
      at += elf.getInt(at + 12);
    }
    boolean found = false;
    for (long name : needed) {
      if (string(name).equals(from) || string(name).equals(to)) {
        write(name, to);
        found = true;
      }
    }
    if (!found) {
      throw new IllegalArgumentException("it does not need " + from);
    }
  }

  private void renameVersions(int need, String from, String to) {
    int count = Short.toUnsignedInt(elf.getShort(need + 2));
    int at = need + elf.getInt(need + 8);
    for (int i = 0; i < count; i++) {
      int name = elf.getInt(at + 8);
      if (string(name).equals(from) || string(name).equals(to)) {
        write(name, to);
        elf.putInt(at, hash(to));
      }
      at += elf.getInt(at + 12);
    }
  }

  private int offset(long address) {
    for (Segment s : segments) {
      if (address >= s.address && address < s.address + s.size) {
        return Math.toIntExact(address - s.address + s.offset);
      }
    }
    throw new IllegalArgumentException("an address outside of the file");
  }

  private String string(long at) {
    int from = Math.toIntExact(strings + at);
    int to = from;
    while (bytes[to] != 0) {
      to++;
    }
    return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
  }

  private void write(long at, String name) {
    byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, bytes, Math.toIntExact(strings + at), ascii.length);
  }

  /** The System V hash of a symbol's or version's name. */
  private static int hash(String name) {
    int h = 0;
    for (byte c : name.getBytes(StandardCharsets.US_ASCII)) {
      h = (h << 4) + c;
      int high = h & 0xf0000000;
      h = (h ^ high >>> 24) & ~high;
    }
    return h;
  }
}
