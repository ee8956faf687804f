package dev.crema.nn.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.nn.io.DataException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * A way to damage a file: cut it off, flip bits, put an extreme number somewhere, insert or append
 * bytes.
 */
public record Corruption(Kind kind, int where, long value) {
  /** What happens. */
  public enum Kind {
    TRUNCATE,
    FLIP_BITS,
    LIE_INT,
    LIE_LONG,
    INSERT,
    APPEND
  }

  private static final long[] EXTREMES = {
    0,
    1,
    -1,
    255,
    256,
    65535,
    1 << 20,
    100_000_000,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 32,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  /** Any corruption of a file of this length; half of them hit its first {@code header} bytes. */
  public static Arbitrary<Corruption> any(int header, int length) {
    Arbitrary<Integer> where =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, length - 1),
            Arbitraries.integers().between(0, header - 1));
    return Combinators.combine(
            Arbitraries.of(Kind.class),
            where,
            Arbitraries.oneOf(
                Arbitraries.longs(),
                Arbitraries.longs().between(0, 300),
                Arbitraries.of(Arrays.stream(EXTREMES).boxed().toList())))
        .as(Corruption::new);
  }

  /** A damaged copy. */
  public byte[] apply(byte[] file) {
    int at = where % file.length;
    byte[] copy = file.clone();
    switch (kind) {
      case TRUNCATE -> copy = Arrays.copyOf(file, at);
      case FLIP_BITS -> {
        var random = new Random(value);
        for (int i = 0; i <= Math.floorMod(value, 8); i++) {
          int hit = Math.min(file.length - 1, at + random.nextInt(16));
          copy[hit] ^= (byte) (1 << random.nextInt(8));
        }
      }
      case LIE_INT -> {
        if (at + 4 <= file.length) {
          ByteBuffer.wrap(copy).putInt(at, (int) value);
        }
      }
      case LIE_LONG -> {
        if (at + 8 <= file.length) {
          ByteBuffer.wrap(copy).putLong(at, Long.reverseBytes(value));
        }
      }
      case INSERT -> {
        copy = Arrays.copyOf(file, file.length + 1);
        System.arraycopy(file, at, copy, at + 1, file.length - at);
        copy[at] = (byte) value;
      }
      case APPEND -> {
        copy = Arrays.copyOf(file, file.length + 1 + (int) Math.floorMod(value, 64L));
        Arrays.fill(copy, file.length, copy.length, (byte) (value >> 8));
      }
    }
    return copy;
  }

  /** Reading must succeed or throw a {@link DataException}, and allocate within reason. */
  public static void assertHarmless(Runnable read, long maxBytes) {
    long before = allocated();
    try {
      read.run();
    } catch (DataException e) {
      assertThat(e).hasMessageContaining("expected").hasMessageContaining(". Hint: ");
    }
    assertThat(allocated() - before).as("bytes allocated").isLessThan(maxBytes);
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }
}
