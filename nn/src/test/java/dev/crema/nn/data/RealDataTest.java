package dev.crema.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.crema.nn.testing.RealData;
import dev.crema.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The published data sets, against known values; skipped without CREMA_DATA. */
class RealDataTest {
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "MNIST, TRAIN, 60000, 5041921314,"
        + " 741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
    "MNIST, TEST, 10000, 7210414959,"
        + " 6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
    "FASHION_MNIST, TRAIN, 60000, 9003027255,"
        + " 2e487a6c89124f78f2d7521542223cafe96f7123c3ca13d447772ac6ecbb3012",
    "FASHION_MNIST, TEST, 10000, 9211614657,"
        + " c867c93ff95360594e8ec3287995350b824dd110b11595c0e13d5423f621867a",
    "CIFAR10, TRAIN, 4000, 6994112783,"
        + " 28afc872aa454f5edfb44b9dc53187ac9e792b2e75c81b091face3432c78e91b",
    "CIFAR10, TEST, 1000, 3880661631,"
        + " f167149948fc8fe0b9a76ba86421e987817f98b63761ba9415c5d42664d51f03"
  })
  void readsToTheByte(
      KnownDataset dataset, Split split, int size, String firstLabels, String sha256)
      throws NoSuchAlgorithmException {
    Path home = RealData.at(dataset.toString()).resolveSibling("");
    PixelDataset set = dataset.open(DataHome.of(home), split);
    var digest = MessageDigest.getInstance("SHA-256");
    IntStream.range(0, size).forEach(i -> digest.update(set.pixels(i)));
    assertThat(set.size()).isEqualTo(size);
    assertThat(IntStream.range(0, 10).map(set::label).toArray())
        .isEqualTo(firstLabels.chars().map(c -> c - '0').toArray());
    assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(sha256);
  }

  @Test
  void mnistHasTheStatisticsThatNormalizeKnows() {
    Path home = RealData.at("mnist").resolveSibling("");
    PixelDataset set = Mnist.digits(DataHome.of(home), Split.TRAIN);
    float[] image = new float[784];
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < set.size(); i++) {
      set.read(i, image, 0);
      for (float p : image) {
        sum += p;
        squares += p * p;
      }
    }
    double n = 784.0 * set.size();
    assertThat(sum / n).isCloseTo(0.1306604762738429, within(1e-6));
    assertThat(Math.sqrt(squares / n - sum / n * (sum / n))).isCloseTo(0.3081, within(1e-4));
  }

  @Test
  void cifarTrainingLabelsAreInTheOfficialOrder() throws IOException {
    byte[] official = Files.readAllBytes(RealData.at("cifar10/train-labels-official-order.u8"));
    Path home = RealData.at("cifar10").resolveSibling("");
    PixelDataset set = Cifar10.open(DataHome.of(home), Split.TRAIN);
    for (int i = 0; i < set.size(); i++) {
      assertThat(set.label(i)).as("sample %d", i).isEqualTo(official[i]);
    }
  }

  @Test
  void imagenetteReadsFromItsZip() {
    Path zip = RealData.at("imagenette224");
    try (var train = ImageFolder.open(zip, Split.TRAIN, 224);
        var test = ImageFolder.open(zip, Split.TEST, 64)) {
      assertThat(train.size()).isEqualTo(4000);
      assertThat(test.size()).isEqualTo(1000);
      assertThat(train.imageShape()).isEqualTo(Shape.of(3, 224, 224));
      assertThat(test.classNames()).isEqualTo(train.classNames()).hasSize(10);
      assertThat(train.classNames()).startsWith("n01440764").endsWith("n03888257");
      assertThat(train.label(399)).isZero();
      assertThat(train.label(400)).isOne();
      assertThat(test.label(999)).isEqualTo(9);

      float[] image = new float[3 * 224 * 224];
      for (int i = 0; i < 4000; i += 400) {
        train.read(i, image, 0);
        float[] small = new float[3 * 64 * 64];
        train.decode(i).fit(64).writeChw(small, 0);
        assertThat(mean(image)).as("mean of picture %d", i).isBetween(0.02f, 0.98f);
        assertThat(mean(small)).as("and resized").isCloseTo(mean(image), within(0.005f));
      }
    }
  }

  @Test
  void aGreyPictureOfImagenetteHasThreeEqualChannels() {
    try (var test = ImageFolder.open(RealData.at("imagenette224"), Split.TEST, 224)) {
      float[] image = new float[3 * 224 * 224];
      test.read(180, image, 0);
      float[] red = Arrays.copyOf(image, 224 * 224);
      assertThat(Arrays.copyOfRange(image, 224 * 224, 2 * 224 * 224)).isEqualTo(red);
      assertThat(Arrays.copyOfRange(image, 2 * 224 * 224, 3 * 224 * 224)).isEqualTo(red);
      assertThat(mean(red)).isBetween(0.1f, 0.9f);
    }
  }

  private static float mean(float[] values) {
    double sum = 0;
    for (float v : values) {
      sum += v;
    }
    return (float) (sum / values.length);
  }
}
