package dev.crema.backend;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A program of elementwise steps, in one floating dtype, that is computed in one pass: each element
 * of the result from the same element of each input. Every step rounds to the dtype, so that the
 * bits are those of one op after the other.
 *
 * <p>Operands are numbered: first the inputs, then the numbers, then the results of the steps, in
 * order; the last step's is the result. A comparison gives 1 or 0.
 */
public final class Chain {
  /** As many inputs, numbers and steps as a chain may have. */
  public static final int MAX_INPUTS = 6;

  public static final int MAX_NUMBERS = 16;
  public static final int MAX_STEPS = 32;

  /** As many places as inputs and what is kept between steps may take. */
  public static final int MAX_PLACES = 12;

  private final String name;
  private final int inputs;
  private final double[] numbers;
  private final List<Step> steps;
  private final int[] lastUse;
  private final int[] slots;
  private final int scratch;

  /** One step of a chain. */
  public sealed interface Step {}

  /** op(x), with the op's parameters a and b. */
  public record Unary(UnaryOp op, double a, double b, int x) implements Step {}

  /** op(a, b); not of the logical ones. */
  public record Binary(BinaryOp op, int a, int b) implements Step {}

  /** a where the condition is not 0, else b. */
  public record Where(int condition, int a, int b) implements Step {}

  /**
   * A chain of at least one step.
   *
   * @param name what it is called in errors and statistics
   */
  public Chain(String name, int inputs, List<Double> numbers, List<Step> steps) {
    this.name = name;
    this.inputs = inputs;
    this.numbers = numbers.stream().mapToDouble(Double::doubleValue).toArray();
    this.steps = List.copyOf(steps);
    this.lastUse = new int[steps.size()];
    this.slots = new int[steps.size()];
    findLastUses();
    this.scratch = assignSlots();
  }

  private void findLastUses() {
    for (int s = 0; s < steps.size(); s++) {
      for (int operand : operands(steps.get(s))) {
        if (isStep(operand)) {
          lastUse[stepOf(operand)] = s;
        }
      }
    }
  }

  /** A step's result takes a slot until the last step that uses it, which may write into it. */
  private int assignSlots() {
    var free = new ArrayDeque<Integer>();
    int count = 0;
    for (int s = 0; s < steps.size(); s++) {
      for (int operand : Arrays.stream(operands(steps.get(s))).distinct().toArray()) {
        if (isStep(operand) && lastUse[stepOf(operand)] == s) {
          free.push(slots[stepOf(operand)]);
        }
      }
      slots[s] = s == steps.size() - 1 ? -1 : free.isEmpty() ? count++ : free.pop();
    }
    return count;
  }

  /** The operands of a step, in order. */
  public static int[] operands(Step step) {
    return switch (step) {
      case Unary u -> new int[] {u.x};
      case Binary b -> new int[] {b.a, b.b};
      case Where w -> new int[] {w.condition, w.a, w.b};
    };
  }

  /** What it is called in errors and statistics. */
  public String name() {
    return name;
  }

  /** How many operands come from outside. */
  public int inputs() {
    return inputs;
  }

  /** How many numbers there are. */
  public int numbers() {
    return numbers.length;
  }

  /** The number of index i, which takes the dtype as {@link Backend#fill} does it. */
  public double number(int i) {
    return numbers[i];
  }

  public List<Step> steps() {
    return steps;
  }

  /** Whether an operand is an input, whose index it then is. */
  public boolean isInput(int operand) {
    return operand < inputs;
  }

  /** Whether an operand is a step's result. */
  public boolean isStep(int operand) {
    return operand >= inputs + numbers.length;
  }

  /** The index of the number that this operand is. */
  public int numberOf(int operand) {
    return operand - inputs;
  }

  /** The index of the step whose result this operand is. */
  public int stepOf(int operand) {
    return operand - inputs - numbers.length;
  }

  /**
   * Where step i leaves its result for others, from 0 to below {@link #scratch}; −1 for the last.
   */
  public int slot(int i) {
    return slots[i];
  }

  /** Whether a step behind the next one needs the result of step i. */
  public boolean isKept(int i) {
    return lastUse[i] > i + 1;
  }

  /** How many results must be kept at one time. */
  public int scratch() {
    return scratch;
  }

  /** Whether it is within what a backend must take. */
  public boolean fits() {
    return inputs <= MAX_INPUTS
        && numbers.length <= MAX_NUMBERS
        && steps.size() <= MAX_STEPS
        && inputs + scratch <= MAX_PLACES;
  }

  /** All of it, operands as they are numbered. */
  @Override
  public String toString() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < numbers.length; i++) {
      lines.add((inputs + i) + " = " + numbers[i]);
    }
    for (int s = 0; s < steps.size(); s++) {
      lines.add((inputs + numbers.length + s) + " = " + steps.get(s));
    }
    return name + " of " + inputs + ": " + String.join("; ", lines);
  }
}
