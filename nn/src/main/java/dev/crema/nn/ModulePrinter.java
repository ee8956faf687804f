package dev.crema.nn;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints modules, and what stands in their parentheses, as PyTorch on Python does. */
final class ModulePrinter {
  private ModulePrinter() {}

  static String print(Module module) {
    String extra = module.extraRepr();
    if (module.children().isEmpty()) {
      return module.typeName() + "(" + extra + ")";
    }
    List<String> lines = new ArrayList<>();
    if (!extra.isEmpty()) {
      lines.add(extra);
    }
    module.children().forEach((name, child) -> lines.add("(" + name + "): " + print(child)));
    String inside = String.join("\n", lines).replace("\n", "\n  ");
    return module.typeName() + "(\n  " + inside + "\n)";
  }

  /** {@code True} or {@code False}. */
  static String python(boolean value) {
    return value ? "True" : "False";
  }

  /** A finite float's repr: its shortest digits, with an exponent below 1e-4 and from 1e16 on. */
  static String python(double value) {
    if (value == 0) {
      return "0.0";
    }
    var decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    int exponent = decimal.precision() - decimal.scale() - 1;
    if (exponent < -4 || exponent >= 16) {
      String digits = decimal.movePointLeft(exponent).toPlainString();
      return String.format(
          Locale.ROOT, "%se%s%02d", digits, exponent < 0 ? "-" : "+", Math.abs(exponent));
    }
    String plain = decimal.toPlainString();
    return plain.contains(".") ? plain : plain + ".0";
  }
}
