package dev.crema.nn;

import dev.crema.tensor.Tensor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds layers and trainable tensors that a module keeps in its fields but never registered. They
 * would work, and silently be neither trained nor saved nor moved.
 */
final class Registration {
  private Registration() {}

  /** Checks the fields of all of the module's classes below {@link Module}. */
  static void check(Module module) {
    for (Class<?> c = module.getClass(); c != Module.class; c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        if (isChecked(field)) {
          check(module, field);
        }
      }
    }
  }

  /**
   * Transient says that the module does not own what is there. What the compiler adds (the
   * enclosing instance, captured variables) is no decision of the author's. And on the module path
   * a class that is not opened to this module keeps its fields to itself: it goes unchecked.
   */
  private static boolean isChecked(Field field) {
    return !Modifier.isStatic(field.getModifiers())
        && !Modifier.isTransient(field.getModifiers())
        && !field.getType().isPrimitive()
        && !field.isSynthetic()
        && field.trySetAccessible();
  }

  private static void check(Module module, Field field) {
    Object held;
    try {
      held = field.get(module);
    } catch (IllegalAccessException e) {
      throw new AssertionError("a field that was made accessible is not", e);
    }
    for (Object value : elements(held)) {
      boolean lost =
          switch (value) {
            case Module m -> m != module && !module.owns(m);
            case Tensor t -> t.requiresGrad() && t.isLeaf() && !module.owns(t);
            case null, default -> false;
          };
      if (lost) {
        throw new IllegalStateException(message(module, field, value, value == held));
      }
    }
  }

  /** What a field holds, or what is in the collection that it holds. */
  private static Collection<? extends @Nullable Object> elements(@Nullable Object held) {
    return switch (held) {
      case null -> List.of();
      case Object[] array -> Arrays.asList(array);
      case Collection<?> elements -> elements;
      case Map<?, ?> map -> map.values();
      default -> List.of(held);
    };
  }

  private static String message(Module module, Field field, Object value, boolean alone) {
    String what = value instanceof Module layer ? layer.typeName() : "tensor";
    String call = value instanceof Module ? "add" : "parameter";
    String fix = alone ? "%2$s = %1$s(\"%2$s\", ...)" : "register each with %1$s(name, ...)";
    return "%s: the %s in field '%s' is not registered, so it would be neither trained nor saved. Hint: %s, or make the field transient if it belongs to another module"
        .formatted(module.typeName(), what, field.getName(), fix.formatted(call, field.getName()));
  }
}
