package dev.crema.cuda.cudnn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.crema.cuda.driver.Natives;
import dev.crema.cuda.driver.Option;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import jcuda.jcudnn.cudnnDeterminism;

/**
 * Asks cuDNN which algorithms there are for a convolution: by its heuristics, or with {@code
 * -Dcrema.cuda.conv=find} by measurement. These calls go without JCuda, which copies as many
 * results as it believes to be there: a call that failed never said how many, and JCuda then loses
 * its status.
 */
final class Search {
  private static final boolean FIND = Option.CONV.value().equals("find");
  private static final int ASKED = 10;

  /** One result: cudnnConvolutionFwdAlgoPerf_t, and the same for the other directions. */
  private static final StructLayout RESULT =
      MemoryLayout.structLayout(
          JAVA_INT.withName("algo"),
          JAVA_INT.withName("status"),
          JAVA_FLOAT.withName("time"),
          MemoryLayout.paddingLayout(4),
          JAVA_LONG.withName("memory"),
          JAVA_INT.withName("determinism"),
          JAVA_INT.withName("mathType"),
          MemoryLayout.sequenceLayout(3, JAVA_INT).withName("reserved"),
          MemoryLayout.paddingLayout(4));

  /** (handle, descriptors of both operands, with the convolution's before the result's, …). */
  private static final MethodHandle CALL =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.of(
                  JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS,
                  ADDRESS));

  private static final SymbolLookup CUDNN =
      SymbolLookup.libraryLookup(Natives.DNN, Arena.global()); // which is loaded already

  private Search() {}

  /**
   * The numbers of the algorithms that give the same bits every time, the best first; none where
   * cuDNN does not support the convolution.
   */
  static List<Integer> deterministic(DnnConvolution c, Direction direction) {
    String name =
        (FIND ? "cudnnFindConvolution%sAlgorithm" : "cudnnGetConvolution%sAlgorithm_v7")
            .formatted(direction.title);
    if (FIND) {
      c.dnn.device.makeRoom(); // an algorithm whose workspace finds none is left out
    }
    List<Integer> numbers = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(JAVA_INT);
      MemorySegment results = arena.allocate(RESULT, ASKED);
      if (c.dnn.supports(name, () -> call(name, c, direction, count, results))) {
        results
            .elements(RESULT)
            .limit(count.get(JAVA_INT, 0))
            .filter(r -> field(r, "status") == 0)
            .filter(r -> field(r, "determinism") == cudnnDeterminism.CUDNN_DETERMINISTIC)
            .forEach(r -> numbers.add(field(r, "algo")));
      }
    }
    return numbers;
  }

  private static int call(
      String name,
      DnnConvolution c,
      Direction direction,
      MemorySegment count,
      MemorySegment results) {
    MemorySegment x = c.x.address();
    MemorySegment w = c.w.address();
    MemorySegment y = c.y.address();
    MemorySegment a = direction == Direction.BACKWARD_INPUT ? w : x;
    MemorySegment b = direction == Direction.FORWARD ? w : y;
    MemorySegment result =
        switch (direction) {
          case FORWARD -> y;
          case BACKWARD_INPUT -> x;
          case BACKWARD_WEIGHT -> w;
        };
    try {
      return (int)
          CALL.invokeExact(
              CUDNN.findOrThrow(name),
              c.dnn.handle.address(),
              a,
              b,
              c.convolution.address(),
              result,
              ASKED,
              count,
              results);
    } catch (Throwable e) {
      throw new IllegalStateException(name, e);
    }
  }

  private static int field(MemorySegment result, String name) {
    return result.get(JAVA_INT, RESULT.byteOffset(MemoryLayout.PathElement.groupElement(name)));
  }
}
