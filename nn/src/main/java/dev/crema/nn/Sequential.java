package dev.crema.nn;

import dev.crema.tensor.Tensor;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Layers one behind the other: each takes the result of the one before. A convolution or a linear
 * layer and the ReLU behind it run as one op, bit for bit as two, unless a hook looks at either.
 */
public class Sequential extends Module implements Iterable<Module> {

  /** The layers in this order, named 0, 1, 2, … */
  public Sequential(Module... layers) {
    for (Module layer : layers) {
      append(layer);
    }
  }

  /** The layers in the map's order, under their own names. */
  public Sequential(Map<String, ? extends Module> layers) {
    layers.forEach(this::add);
  }

  /** Adds a layer at the end, named by its number, and returns this. */
  public final Sequential append(Module layer) {
    add(String.valueOf(size()), layer);
    return this;
  }

  /** Puts another layer in the place of the i-th, as transfer learning does with the last. */
  public final void set(int i, Module layer) {
    replace(List.copyOf(children().keySet()).get(i), layer);
  }

  /** The i-th layer, from 0. */
  public final Module get(int i) {
    return List.copyOf(children().values()).get(i);
  }

  /** The number of layers. */
  public final int size() {
    return children().size();
  }

  @Override
  public final Iterator<Module> iterator() {
    return children().values().iterator();
  }

  @Override
  protected Tensor forward(Tensor x) {
    Tensor y = x;
    Module waiting = null;
    for (Module layer : this) {
      if (layer instanceof BatchNorm2d norm && norm.isPassive()) {
        continue;
      }
      if (waiting == null) {
        waiting = layer;
      } else if (layer instanceof ReLU relu && relu.isOneWith(waiting)) {
        y = relu.callBehind(waiting, y);
        waiting = null;
      } else {
        y = waiting.call(y);
        waiting = layer;
      }
    }
    return waiting == null ? y : waiting.call(y);
  }
}
