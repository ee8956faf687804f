package dev.crema.cpu.kernel;

import dev.crema.backend.Backend;
import dev.crema.backend.Backends;
import dev.crema.backend.View;
import dev.crema.tck.ReferenceBackend;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Half;
import dev.crema.tensor.Layout;
import dev.crema.tensor.Shape;
import java.lang.reflect.Array;
import java.util.Random;

/**
 * The same array seen by the CPU backend and by the reference, as one operand of a kernel's test.
 * All of the array is compared, so that a stray write beside the view is a difference, too.
 */
record Twin(Object cpuArray, View cpu, Object referenceArray, View reference) {
  static final Backend CPU = Backends.get(Device.cpu());
  static final Backend REFERENCE = Backends.get(ReferenceBackend.DEVICE);

  /** An array of so many elements (a Java array of the dtype's type), seen through this layout. */
  static Twin of(DType type, Object array, Layout layout) {
    Object copy = copy(array);
    return new Twin(
        array,
        new View(CPU.wrap(type, array), layout),
        copy,
        new View(REFERENCE.wrap(type, copy), layout));
  }

  static Twin of(DType type, Object array) {
    return of(type, array, Layout.contiguous(Shape.of(Array.getLength(array))));
  }

  /** Random elements: fractions around 0, or integers from −9 to 9, or 0 and 1 for bool. */
  static Twin random(DType type, Random random, Layout layout) {
    int last = 0;
    for (int d = 0; d < layout.shape().rank(); d++) {
      last += (int) (Math.max(0, layout.shape().size(d) - 1) * layout.stride(d));
    }
    return of(type, values(type, random, (int) layout.offset() + last + 1), layout);
  }

  static Twin random(DType type, Random random, long... sizes) {
    return random(type, random, Layout.contiguous(Shape.of(sizes)));
  }

  static Object values(DType type, Random random, int n) {
    return switch (type) {
      case F32 -> {
        float[] f = new float[n];
        for (int i = 0; i < n; i++) {
          f[i] = (float) random.nextGaussian();
        }
        yield f;
      }
      case F64 -> random.doubles(n, -3, 3).toArray();
      case F16, BF16 -> {
        short[] h = new short[n];
        for (int i = 0; i < n; i++) {
          h[i] = Half.bits(type, (float) random.nextGaussian());
        }
        yield h;
      }
      case I32 -> random.ints(n, -9, 10).toArray();
      case I64 -> random.longs(n, -9, 10).toArray();
      case U8, BOOL -> {
        byte[] b = new byte[n];
        for (int i = 0; i < n; i++) {
          b[i] = (byte) random.nextInt(type == DType.BOOL ? 2 : 256);
        }
        yield b;
      }
    };
  }

  private static Object copy(Object array) {
    int n = Array.getLength(array);
    Object copy = Array.newInstance(array.getClass().getComponentType(), n);
    System.arraycopy(array, 0, copy, 0, n);
    return copy;
  }

  /** The CPU's elements as they are now. */
  Object snapshot() {
    return copy(cpuArray);
  }

  void assertEqual(String what) {
    assertClose(what, 0);
  }

  /** Each element within so many units in the last place of the reference's. */
  void assertClose(String what, double ulps) {
    assertClose(what, ulps, 0);
  }

  /** As above, or within {@code absolute}. */
  void assertClose(String what, double ulps, double absolute) {
    boolean f32 = cpuArray instanceof float[];
    for (int i = 0; i < Array.getLength(cpuArray); i++) {
      double a = at(cpuArray, i);
      double e = at(referenceArray, i);
      double ulp = f32 ? Math.ulp((float) e) : Math.ulp(e);
      boolean close =
          Double.compare(a, e) == 0 || a == e || Math.abs(a - e) <= Math.max(ulps * ulp, absolute);
      if (!close) {
        throw new AssertionError("%s: element %d is %s, expected %s".formatted(what, i, a, e));
      }
    }
  }

  private static double at(Object array, int i) {
    return switch (array) {
      case float[] f -> f[i];
      case double[] d -> d[i];
      case byte[] b -> b[i];
      default -> ((Number) Array.get(array, i)).doubleValue();
    };
  }
}
