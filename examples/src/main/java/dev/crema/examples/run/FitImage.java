package dev.crema.examples.run;

import dev.crema.nn.data.ImageTransform;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;

/**
 * Makes the images of one data set fit the input of a network that was drawn for another: grey
 * becomes three equal channels and colour becomes luminance (ITU-R BT.601), pixels are repeated a
 * whole number of times, and what is then missing around the edge is black, as LeCun padded MNIST
 * from 28x28 to 32x32. Up to an eighth of the height and width is cut off.
 *
 * @param c channels of the result, 1 or 3
 * @param h height of the result
 * @param w width of the result
 */
record FitImage(int c, int h, int w) implements ImageTransform {
  private static final float[] LUMA = {0.299f, 0.587f, 0.114f};

  @Override
  public float[] apply(float[] image, Shape shape, Generator random) {
    int ic = (int) shape.size(0);
    int ih = (int) shape.size(1);
    int iw = (int) shape.size(2);
    int repeat = repeat(ih, iw);
    int top = Math.floorDiv(h - ih * repeat, 2);
    int left = Math.floorDiv(w - iw * repeat, 2);
    var fitted = new float[c * h * w];
    for (int k = 0; k < c; k++) {
      for (int y = Math.max(0, top); y < Math.min(h, top + ih * repeat); y++) {
        for (int x = Math.max(0, left); x < Math.min(w, left + iw * repeat); x++) {
          int from = (y - top) / repeat * iw + (x - left) / repeat;
          fitted[(k * h + y) * w + x] = channel(image, ic, k, ih * iw, from);
        }
      }
    }
    return fitted;
  }

  private float channel(float[] image, int ic, int k, int plane, int pixel) {
    if (ic == c) {
      return image[k * plane + pixel];
    }
    if (ic == 1) {
      return image[pixel];
    }
    return LUMA[0] * image[pixel]
        + LUMA[1] * image[plane + pixel]
        + LUMA[2] * image[2 * plane + pixel];
  }

  private int repeat(int ih, int iw) {
    return Math.max(1, Math.min(h / ih, w / iw));
  }

  @Override
  public boolean movesOnly(Shape in) {
    return in.size(0) <= c; // else it computes luminance
  }

  @Override
  public Shape shape(Shape in) {
    boolean channels = in.size(0) == c || in.size(0) == 1 || (in.size(0) == 3 && c == 1);
    boolean large = in.size(1) * 7 > h * 8L || in.size(2) * 7 > w * 8L;
    if (!channels || large) {
      throw new ShapeException(
          "images of %s do not fit a network that takes %s. Hint: choose another data set or network"
              .formatted(in, Shape.of(c, h, w)));
    }
    return Shape.of(c, h, w);
  }
}
