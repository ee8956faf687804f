package dev.crema.cuda.kernel;

import dev.crema.backend.BinaryOp;
import dev.crema.backend.Chain;
import dev.crema.backend.PointwisePlan;
import dev.crema.backend.View;
import dev.crema.cuda.CudaBuffer;
import dev.crema.cuda.driver.CudaDevice;
import dev.crema.tensor.DType;
import dev.crema.tensor.Half;
import java.util.Arrays;
import java.util.List;

/**
 * Several elementwise steps in one launch: {@code chain.cu}, whose program, structs and numbers
 * these are.
 */
public final class Chains {
  private static final int BLOCK = 128;

  private static final int BINARY_OP = 32;
  private static final int COMPARE = 64;
  private static final int CHOOSE = 96;
  private static final int BEFORE = -1;
  private static final int NOWHERE = -1;

  /** Longs of the program: two ints; the numbers; and for each step six ints and two doubles. */
  private static final int NUMBERS = 1;

  private static final int STEPS = NUMBERS + Chain.MAX_NUMBERS;
  private static final int STEP = 5;
  private static final int PROGRAM = STEPS + STEP * Chain.MAX_STEPS;

  private Chains() {}

  /** y = the chain's steps over x. */
  public static void run(CudaDevice device, Chain chain, PointwisePlan plan, List<View> x, View y) {
    View[] inputs = x.toArray(View[]::new);
    int n = plan.outer() * plan.inner();
    boolean dense =
        Elementwise.isDense(plan, 1 + inputs.length) && Grid.isAligned(y) && Grid.isAligned(inputs);
    String name = Grid.name(dense ? "chain" : "chain_strided", y.dtype());
    Args args = device.kernels().get("chain", name).args().longs(program(chain, y.dtype())).i32(n);
    if (!dense) {
      args.ints(Nest.of(plan, 1 + inputs.length, 1 + Chain.MAX_INPUTS));
    }
    long[] addresses = new long[Chain.MAX_INPUTS];
    Arrays.setAll(addresses, i -> i < inputs.length ? CudaBuffer.address(inputs[i]) : 0);
    int placeBytes = 4 * BLOCK * y.dtype().wide().bytes();
    args.longs(addresses)
        .at(y)
        .launch(
            Math.ceilDiv((long) n, 4 * BLOCK),
            BLOCK,
            (chain.inputs() + chain.scratch()) * placeBytes);
  }

  private static long[] program(Chain chain, DType dtype) {
    List<Chain.Step> steps = chain.steps();
    long[] program = new long[PROGRAM];
    program[0] = ints(chain.inputs(), steps.size());
    for (int i = 0; i < chain.numbers(); i++) {
      program[NUMBERS + i] = Double.doubleToRawLongBits(rounded(chain.number(i), dtype));
    }
    for (int s = 0; s < steps.size(); s++) {
      int at = STEPS + STEP * s;
      int to = chain.isKept(s) ? chain.inputs() + chain.slot(s) : NOWHERE;
      program[at + 2] = ints(to, 0);
      switch (steps.get(s)) {
        case Chain.Unary u -> {
          program[at] = ints(u.op().ordinal(), operand(chain, s, u.x()));
          program[at + 3] = Double.doubleToRawLongBits(u.a());
          program[at + 4] = Double.doubleToRawLongBits(u.b());
        }
        case Chain.Binary b -> {
          program[at] = ints(code(b.op()), operand(chain, s, b.a()));
          program[at + 1] = ints(operand(chain, s, b.b()), 0);
        }
        case Chain.Where w -> {
          program[at] = ints(CHOOSE, operand(chain, s, w.condition()));
          program[at + 1] = ints(operand(chain, s, w.a()), operand(chain, s, w.b()));
        }
      }
    }
    return program;
  }

  private static int code(BinaryOp op) {
    return (op.isComparison() ? COMPARE : BINARY_OP) + op.ordinal();
  }

  /** Where step s finds an operand. */
  private static int operand(Chain chain, int s, int operand) {
    if (chain.isInput(operand)) {
      return operand;
    }
    if (!chain.isStep(operand)) {
      return BEFORE - 1 - chain.numberOf(operand);
    }
    int from = chain.stepOf(operand);
    return from == s - 1 ? BEFORE : chain.inputs() + chain.slot(from);
  }

  /** As an element carries it. */
  private static double rounded(double number, DType dtype) {
    return switch (dtype) {
      case F32 -> (float) number;
      case F16, BF16 -> Half.value(dtype, Half.bits(dtype, (float) number));
      default -> number;
    };
  }

  private static long ints(int low, int high) {
    return low & 0xFFFFFFFFL | (long) high << 32;
  }
}
