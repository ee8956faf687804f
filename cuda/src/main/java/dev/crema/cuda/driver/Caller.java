package dev.crema.cuda.driver;

import java.lang.StackWalker.StackFrame;
import java.util.Set;
import java.util.stream.Stream;

/** Which op asked for memory, told from the stack: its result is made before it starts. */
final class Caller {
  private static final String TENSOR = "dev.crema.tensor.Tensor";
  private static final String OPS = "dev.crema.op.";

  /** How an op makes its result. */
  private static final Set<String> MAKING = Set.of("empty", "over");

  private Caller() {}

  /**
   * The op as its user calls it, such as {@code conv2d}; or what stands where, such as a gradient.
   */
  static String op() {
    return StackWalker.getInstance().walk(Caller::op);
  }

  private static String op(Stream<StackFrame> stack) {
    String inside = "";
    for (StackFrame frame : (Iterable<StackFrame>) stack::iterator) {
      String type = frame.getClassName();
      if (type.equals(TENSOR) && !MAKING.contains(frame.getMethodName())) {
        return frame.getMethodName();
      }
      if (type.startsWith(OPS) && inside.isEmpty()) {
        inside = type.substring(type.lastIndexOf('.') + 1).replaceFirst(".*\\$", "");
      } else if (!inside.isEmpty() && !type.startsWith("dev.crema.")) {
        break;
      }
    }
    return inside.isEmpty() ? Running.op() : inside;
  }
}
