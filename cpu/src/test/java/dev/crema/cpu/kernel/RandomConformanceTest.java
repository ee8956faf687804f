package dev.crema.cpu.kernel;

import static dev.crema.cpu.kernel.Twin.CPU;
import static dev.crema.cpu.kernel.Twin.REFERENCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.backend.RandomOp;
import dev.crema.tensor.DType;
import dev.crema.tensor.Layout;
import dev.crema.tensor.Philox;
import dev.crema.tensor.Shape;
import java.lang.reflect.Array;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random numbers: Philox's own test vectors, and the reference's numbers bit for bit. */
class RandomConformanceTest {
  private static int[] block(long seed, long counter) {
    int[] words = new int[4];
    Philox.block(seed, counter, words);
    return words;
  }

  /**
   * Of the known answers published with Random123, the one whose counter has an upper half of 0.
   */
  @Test
  void philoxGivesItsKnownAnswer() {
    assertThat(block(0, 0)).containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
  }

  /** Between 1 and the next numbers a rounded sum often comes to the upper bound. */
  @Test
  void uniformNumbersStayBelowTheirBound() {
    for (DType type : new DType[] {DType.F32, DType.F64}) {
      double bound = 1 + (type == DType.F32 ? 0x1p-22 : 0x1p-51);
      Twin y = Twin.random(type, new Random(0), Layout.contiguous(Shape.of(1000)));
      CPU.random(RandomOp.UNIFORM, 1, bound, 7, 0, y.cpu());
      REFERENCE.random(RandomOp.UNIFORM, 1, bound, 7, 0, y.reference());
      y.assertEqual("uniform " + type);
      double largest = 0;
      for (int i = 0; i < 1000; i++) {
        largest = Math.max(largest, Array.getDouble(y.snapshot(), i));
      }
      assertThat(largest)
          .isEqualTo(type == DType.F32 ? Math.nextDown((float) bound) : Math.nextDown(bound));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theReferencesNumbers(RandomOp op) {
    for (DType type : new DType[] {DType.F32, DType.F64}) {
      for (int n : new int[] {1, 2, 3, 6, 13, 207, 4098, 30_001}) {
        Twin y = Twin.random(type, new Random(0), Layout.of(Shape.of(n), new long[] {1}, 3));
        CPU.random(op, 0.25, 2, 0x123456789abcdefL, (1L << 33) + 5, y.cpu());
        REFERENCE.random(op, 0.25, 2, 0x123456789abcdefL, (1L << 33) + 5, y.reference());
        y.assertEqual(op + " " + type + " " + n);
      }
    }
  }
}
