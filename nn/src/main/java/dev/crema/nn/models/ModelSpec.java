package dev.crema.nn.models;

import dev.crema.nn.Module;
import dev.crema.tensor.Shape;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A network that can be made by name.
 *
 * @param name on the command line, e.g. {@code simple-cnn}
 * @param description one line
 * @param imageShape one image as the network takes it, [c, h, w]
 * @param numClasses how many classes it has unless told otherwise
 * @param dataSets names of data sets that suit it, the best first; {@code DIR} stands for a folder
 *     of photographs
 * @param factory makes it for a number of classes
 */
public record ModelSpec(
    String name,
    String description,
    Shape imageShape,
    int numClasses,
    List<String> dataSets,
    IntFunction<? extends Module> factory) {

  /** The network with its usual number of classes, drawing from the global generator. */
  public Module create() {
    return create(numClasses);
  }

  /** The network for a number of classes, drawing from the global generator. */
  public Module create(int classes) {
    return factory.apply(classes);
  }
}
