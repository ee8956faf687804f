package dev.crema.nn.data;

import dev.crema.tensor.DType;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import dev.crema.tensor.Tensor;
import java.util.Arrays;
import java.util.Locale;

/** Makes every channel (x − mean) / std. */
public final class Normalize implements ImageTransform {
  /** The statistics of MNIST's training images. */
  public static final Normalize MNIST = of(new float[] {0.1307f}, new float[] {0.3081f});

  /** The statistics of Fashion-MNIST's training images. */
  public static final Normalize FASHION_MNIST = of(new float[] {0.2860f}, new float[] {0.3530f});

  /** The statistics of CIFAR-10's training images. */
  public static final Normalize CIFAR10 =
      of(new float[] {0.4914f, 0.4822f, 0.4465f}, new float[] {0.2470f, 0.2435f, 0.2616f});

  /** The statistics of ImageNet, which torchvision's networks expect. */
  public static final Normalize IMAGENET =
      of(new float[] {0.485f, 0.456f, 0.406f}, new float[] {0.229f, 0.224f, 0.225f});

  private final float[] mean;
  private final float[] std;

  private Normalize(float[] mean, float[] std) {
    this.mean = mean;
    this.std = std;
  }

  /**
   * One mean and one standard deviation per channel.
   *
   * @throws IllegalArgumentException if their numbers differ or a deviation is not positive
   */
  public static Normalize of(float[] mean, float[] std) {
    boolean positive = true;
    for (float s : std) {
      positive &= s > 0;
    }
    if (mean.length != std.length || mean.length == 0 || !positive) {
      throw new IllegalArgumentException(
          "normalize: expected a mean and a positive std per channel, got means %s and stds %s"
              .formatted(Arrays.toString(mean), Arrays.toString(std)));
    }
    return new Normalize(mean.clone(), std.clone());
  }

  /** The same for images of so many channels; where it has another number, by the average. */
  public Normalize forChannels(int channels) {
    return channels == mean.length
        ? this
        : new Normalize(average(mean, channels), average(std, channels));
  }

  private static float[] average(float[] values, int channels) {
    float sum = 0;
    for (float value : values) {
      sum += value;
    }
    var same = new float[channels];
    Arrays.fill(same, sum / values.length);
    return same;
  }

  @Override
  public float[] apply(float[] image, Shape shape, Generator random) {
    int plane = (int) (shape.numel() / mean.length);
    for (int c = 0; c < mean.length; c++) {
      for (int i = c * plane; i < (c + 1) * plane; i++) {
        image[i] = (image[i] - mean[c]) / std[c];
      }
    }
    return image;
  }

  /** The same, in place, for a batch [n, c, h, w] of f32 on any device: with the same bits. */
  Tensor apply_(Tensor images) {
    return images.sub_(perChannel(mean, images)).div_(perChannel(std, images));
  }

  private static Tensor perChannel(float[] values, Tensor images) {
    return Tensor.copyOf(values, DType.F32, Shape.of(values.length, 1, 1), images.device());
  }

  @Override
  public Shape shape(Shape in) {
    if (in.size(0) != mean.length) {
      throw new ShapeException(
          String.format(
              Locale.ROOT,
              "normalize: expected images of %d channels, got %s; give one mean and std per"
                  + " channel",
              mean.length,
              in));
    }
    return in;
  }

  @Override
  public String toString() {
    return "Normalize(mean=%s, std=%s)".formatted(Arrays.toString(mean), Arrays.toString(std));
  }
}
