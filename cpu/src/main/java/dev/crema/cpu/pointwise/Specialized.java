package dev.crema.cpu.pointwise;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.util.List;

/**
 * Copies of a loop class, one per operator. A class that loops over {@code OP.apply(..)} compiles
 * to a good loop only while it has met a single OP; shared by all operators it calls through an
 * interface at every step, and boxes vectors. So each operator gets its own copy of the class, with
 * the operator as a constant in its class data: the JIT inlines it, and each copy has its own
 * profile.
 */
final class Specialized {
  private Specialized() {}

  /** A new copy of the template, whose {@link #part parts} are these. */
  static Loop copy(Class<? extends Loop> template, Object... parts) {
    String file = template.getSimpleName() + ".class";
    try (InputStream in = template.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is missing beside " + template);
      }
      var copy =
          MethodHandles.lookup()
              .defineHiddenClassWithClassData(in.readAllBytes(), List.of(parts), true)
              .lookupClass();
      return (Loop) copy.getDeclaredConstructor().newInstance();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no copy of " + template, e);
    }
  }

  /** For a template's static initialiser: its part {@code index}. */
  static <T> T part(Lookup lookup, Class<T> type, int index) {
    try {
      return MethodHandles.classDataAt(lookup, "_", type, index);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
