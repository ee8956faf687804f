package dev.crema.nn.data;

import dev.crema.nn.io.DataException;
import dev.crema.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Images held in memory, one byte per channel and pixel. */
public final class PixelDataset implements Dataset {
  private final String name;
  private final Shape imageShape;
  private final int pixelsPerImage;
  private final byte[] pixels;
  private final int[] labels;
  private final List<String> classNames;

  private PixelDataset(
      String name, Shape imageShape, byte[] pixels, int[] labels, List<String> classNames) {
    this.name = name;
    this.imageShape = imageShape;
    this.pixelsPerImage = Math.toIntExact(imageShape.numel());
    this.pixels = pixels;
    this.labels = labels;
    this.classNames = List.copyOf(classNames);
  }

  /**
   * A data set over these arrays, which it keeps: do not change them afterwards.
   *
   * @param name what it is or where it came from, for errors and {@code toString}
   * @param imageShape {@code [c, h, w]}
   * @param pixels image after image, each channel by channel and row by row
   * @param labels one per image
   * @throws DataException if there are no images, their number differs from the labels', or a label
   *     has no class name
   */
  public static PixelDataset wrap(
      String name, Shape imageShape, byte[] pixels, int[] labels, List<String> classNames) {
    if (imageShape.rank() != 3 || imageShape.numel() == 0) {
      throw new DataException(
          name, "images of shape [c, h, w] with pixels", imageShape.toString(), "check the header");
    }
    long images = pixels.length / imageShape.numel();
    if (pixels.length % imageShape.numel() != 0 || images != labels.length || images == 0) {
      throw new DataException(
          name,
          "as many images as labels and at least one",
          String.format(
              Locale.ROOT,
              "%,d pixels of %s images and %,d labels",
              pixels.length,
              imageShape,
              labels.length),
          "images and labels belong to different files");
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classNames.size()) {
        throw new DataException(
            name,
            "labels from 0 to " + (classNames.size() - 1),
            String.format(Locale.ROOT, "label %d at sample %,d", labels[i], i),
            "the file is corrupt, or has other classes");
      }
    }
    return new PixelDataset(name, imageShape, pixels, labels, classNames);
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public Shape imageShape() {
    return imageShape;
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public void read(int index, float[] target, int offset) {
    int from = Objects.checkIndex(index, labels.length) * pixelsPerImage;
    for (int i = 0; i < pixelsPerImage; i++) {
      target[offset + i] = (pixels[from + i] & 0xFF) / 255f;
    }
  }

  @Override
  public boolean hasBytes() {
    return true;
  }

  /** The bytes of one image, as a fresh array. */
  public byte[] pixels(int index) {
    int from = Objects.checkIndex(index, labels.length) * pixelsPerImage;
    return Arrays.copyOfRange(pixels, from, from + pixelsPerImage);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%s: %,d images %s, %d classes", name, size(), imageShape, numClasses());
  }
}
