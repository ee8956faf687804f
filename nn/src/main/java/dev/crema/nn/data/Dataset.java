package dev.crema.nn.data;

import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.util.List;

/**
 * Labelled images of one shape, by index. Reading is safe from several threads at once and always
 * gives the same pixels for the same index.
 */
public interface Dataset {
  /** The number of samples. */
  int size();

  /** The shape of every image: {@code [c, h, w]}. */
  Shape imageShape();

  /** What the labels mean: label {@code i} is the {@code i}-th name. */
  List<String> classNames();

  /** The class of a sample, from 0 below {@link #numClasses}. */
  int label(int index);

  /**
   * Writes the pixels of a sample, channel by channel and row by row, as numbers in [0, 1] (byte /
   * 255, as torchvision's ToTensor does).
   *
   * @param target where to, from {@code offset} on; it has room for {@code imageShape().numel()}
   * @throws dev.crema.nn.io.DataException if the sample cannot be read or decoded
   */
  void read(int index, float[] target, int offset);

  /**
   * Whether every pixel is a whole number of 255ths, as in pictures. A {@link DataLoader} may then
   * send bytes to a GPU, a quarter of what floats take; they become the same numbers there.
   */
  default boolean hasBytes() {
    return false;
  }

  /** One sample as a tensor, which the caller or the current scope closes. */
  default Sample get(int index) {
    Shape shape = imageShape();
    float[] image = new float[Math.toIntExact(shape.numel())];
    read(index, image, 0);
    return new Sample(Tensor.wrap(image, shape.sizes()), label(index));
  }

  /** The number of classes. */
  default int numClasses() {
    return classNames().size();
  }

  /** The first {@code n} samples, or all of them if there are fewer. */
  default Dataset limit(int n) {
    if (n < 1) {
      throw new IllegalArgumentException("limit: expected at least 1 sample, got " + n);
    }
    return n >= size() ? this : Subset.range(this, 0, n);
  }

  /** The samples from {@code from} to before {@code to}. */
  default Dataset slice(int from, int to) {
    return Subset.range(this, from, to);
  }
}
