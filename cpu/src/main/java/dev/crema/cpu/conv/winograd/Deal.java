package dev.crema.cpu.conv.winograd;

import dev.crema.tensor.DType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;

/**
 * Deals lines out to m phases in vectors, and back, for one m. Shuffles must be constants to be
 * fast, so each m has a copy of the class of its own, with m as class data.
 */
interface Deal {
  /** See {@link Moves#split}. */
  void split(
      Object x, int xo, int n, int before, int columns, Object y, int to, int phase, int line);

  /** See {@link Moves#merge}. */
  void merge(Object x, int from, int phase, Object y, int yo, int n, int line);

  /** A copy for this m. */
  static Deal of(DType dtype, int m) {
    Class<?> template = dtype == DType.F32 ? FloatDeal.class : DoubleDeal.class;
    String file = template.getSimpleName() + ".class";
    try (InputStream in = template.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is missing beside " + template);
      }
      return (Deal)
          MethodHandles.lookup()
              .defineHiddenClassWithClassData(in.readAllBytes(), m, true)
              .lookupClass()
              .getDeclaredConstructor()
              .newInstance();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no copy of " + template, e);
    }
  }
}
