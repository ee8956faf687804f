package dev.crema.nn.data;

import dev.crema.tensor.Shape;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** Some samples of another data set, in a given order. */
public final class Subset implements Dataset {
  private final Dataset all;
  private final int[] indices;

  private Subset(Dataset all, int[] indices) {
    this.all = all;
    this.indices = indices;
  }

  /** The samples at these indices; an index may come more than once. */
  public static Subset of(Dataset all, int... indices) {
    for (int index : indices) {
      Objects.checkIndex(index, all.size());
    }
    return new Subset(all, indices.clone());
  }

  static Subset range(Dataset all, int from, int to) {
    Objects.checkFromToIndex(from, to, all.size());
    return new Subset(all, IntStream.range(from, to).toArray());
  }

  @Override
  public int size() {
    return indices.length;
  }

  @Override
  public Shape imageShape() {
    return all.imageShape();
  }

  @Override
  public List<String> classNames() {
    return all.classNames();
  }

  @Override
  public int label(int index) {
    return all.label(indices[index]);
  }

  @Override
  public void read(int index, float[] target, int offset) {
    all.read(indices[index], target, offset);
  }

  @Override
  public boolean hasBytes() {
    return all.hasBytes();
  }

  @Override
  public String toString() {
    return size() + " of " + all;
  }
}
