package dev.crema.examples.run;

import dev.crema.nn.data.Normalize;
import java.util.Arrays;

/**
 * Mean and standard deviation of a data set's training images, whose pixels are in [0, 1]: one pair
 * for all channels, or one per channel.
 */
enum PixelStats {
  MNIST(new float[] {0.1307f}, new float[] {0.3081f}),
  FASHION_MNIST(new float[] {0.2860f}, new float[] {0.3530f}),
  CIFAR10(new float[] {0.4914f, 0.4822f, 0.4465f}, new float[] {0.2470f, 0.2435f, 0.2616f}),
  IMAGENET(new float[] {0.485f, 0.456f, 0.406f}, new float[] {0.229f, 0.224f, 0.225f});

  private final float[] mean;
  private final float[] std;

  PixelStats(float[] mean, float[] std) {
    this.mean = mean;
    this.std = std;
  }

  /** The transform for images of so many channels; where they are not as many, by the average. */
  Normalize normalize(int channels) {
    return Normalize.of(spread(mean, channels), spread(std, channels));
  }

  private static float[] spread(float[] values, int channels) {
    if (values.length == channels) {
      return values;
    }
    float sum = 0;
    for (float value : values) {
      sum += value;
    }
    var same = new float[channels];
    Arrays.fill(same, sum / values.length);
    return same;
  }
}
