package dev.crema.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.crema.examples.Shell;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every kind of data set reaches every kind of network. */
class DataSetsTest {
  @Test
  void pictures_in_folders_are_learnt_by_as_many_classes_as_there_are_folders(@TempDir Path folder)
      throws IOException {
    Path pictures = folder.resolve("pictures");
    paint(pictures.resolve("dark"), Color.DARK_GRAY);
    paint(pictures.resolve("light"), Color.LIGHT_GRAY);
    Path out = folder.resolve("run");

    Shell train = Shell.run("train", "lenet", "--dataset", pictures, "--epochs", 20, "--out", out);

    assertThat(train.code()).as(train.err()).isZero();
    assertThat(train.out()).contains("16 training and 4 test images, 2 classes");
    assertThat(train.lastLine()).isEqualTo("test accuracy 100.00% (4/4)");
  }

  private static void paint(Path folder, Color color) throws IOException {
    Files.createDirectories(folder);
    var image = new BufferedImage(30, 40, BufferedImage.TYPE_INT_RGB);
    var pen = image.createGraphics();
    pen.setColor(color);
    pen.fillRect(0, 0, 30, 40);
    pen.dispose();
    for (int i = 0; i < 10; i++) {
      ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
    }
  }

  @Test
  void grey_digits_fit_a_network_for_colour_photographs(@TempDir Path out) {
    Shell train = Shell.run("train", "simple-cnn", "--limit", 64, "--steps", 1, "--out", out);

    assertThat(train.code()).as(train.err()).isZero();
  }

  @Test
  void eval_reads_the_test_images_alone(@TempDir Path folder) throws IOException {
    Path mnist = Files.createDirectories(folder.resolve("mnist"));
    var images = ByteBuffer.allocate(16 + 3 * 784).putInt(0x803).putInt(3).putInt(28).putInt(28);
    Files.write(mnist.resolve("t10k-images-idx3-ubyte"), images.array());
    var labels = ByteBuffer.allocate(8 + 3).putInt(0x801).putInt(3);
    Files.write(mnist.resolve("t10k-labels-idx1-ubyte"), labels.array());
    Path out = folder.resolve("run");
    Shell.run("train", "lenet", "--limit", 64, "--steps", 1, "--out", out);

    Shell eval =
        Shell.run(
            "eval",
            "lenet",
            "--dataset",
            "mnist",
            "--data",
            folder,
            "--checkpoint",
            out.resolve("model.safetensors"));

    assertThat(eval.code()).as(eval.err()).isZero();
    assertThat(eval.lastLine()).matches("test accuracy .*% \\([03]/3\\)");
  }

  @Test
  void real_data_sets_are_found_and_learnt(@TempDir Path out) {
    String data = System.getenv("CREMA_DATA");
    assumeTrue(data != null, "CREMA_DATA names no folder of data sets");
    for (String dataset : List.of("mnist", "fashion-mnist", "cifar10")) {
      Shell train =
          Shell.run(
              "train",
              "lenet",
              "--dataset",
              dataset,
              "--limit",
              500,
              "--out",
              out.resolve(dataset));

      assertThat(train.code()).as(train.err()).isZero();
      assertThat(train.lastLine()).matches("test accuracy \\d+\\.\\d\\d% \\(\\d+/\\d+\\)");
    }
  }

  @Test
  void a_few_thousand_real_digits_teach_most_of_them(@TempDir Path out) {
    assumeTrue(System.getenv("CREMA_DATA") != null, "CREMA_DATA names no folder of data sets");

    Shell train = Shell.run("train", "lenet", "--dataset", "mnist", "--limit", 4000, "--out", out);

    double percent = Double.parseDouble(train.lastLine().replaceAll("test accuracy |%.*", ""));
    assertThat(percent).isGreaterThan(90);
  }
}
