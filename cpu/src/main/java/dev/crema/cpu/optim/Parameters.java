package dev.crema.cpu.optim;

import dev.crema.backend.StepViews;
import dev.crema.cpu.Parallel;
import java.util.List;

/**
 * One parallel loop over all parameters of a step: the chunks of the first, then those of the
 * second, and so on, so that a network of small layers is cut as well as one large one.
 */
final class Parameters {
  private Parameters() {}

  /** A step on elements {@code from} to below {@code to} of one parameter. */
  interface Part {
    void run(StepViews parameter, int from, int to);
  }

  /**
   * @param grain the elements in a chunk
   */
  static void each(List<StepViews> parameters, int grain, Part part) {
    int[] firstChunk = new int[parameters.size() + 1];
    for (int i = 0; i < parameters.size(); i++) {
      firstChunk[i + 1] = firstChunk[i] + Math.ceilDiv(size(parameters.get(i)), grain);
    }
    Parallel.range(
        firstChunk[parameters.size()],
        1,
        (first, last) -> {
          int i = 0;
          for (int chunk = first; chunk < last; chunk++) {
            while (firstChunk[i + 1] <= chunk) {
              i++;
            }
            StepViews parameter = parameters.get(i);
            int from = (chunk - firstChunk[i]) * grain;
            part.run(parameter, from, Math.min(from + grain, size(parameter)));
          }
        });
  }

  private static int size(StepViews parameter) {
    return (int) parameter.p().numel();
  }
}
