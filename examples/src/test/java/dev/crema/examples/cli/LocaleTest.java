package dev.crema.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.examples.Shell;
import dev.crema.nn.BatchNorm2d;
import dev.crema.nn.Conv2d;
import dev.crema.nn.Linear;
import dev.crema.nn.Module;
import dev.crema.nn.Sequential;
import dev.crema.nn.io.Safetensors;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others read is the same everywhere, also where digits are written ٠١٢٣٤٥٦٧٨٩. */
class LocaleTest {
  private final Locale before = Locale.getDefault();

  @BeforeEach
  void goToEgypt() {
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    assertThat("%d".formatted(12)).isNotEqualTo("12");
  }

  @AfterEach
  void comeBack() {
    Locale.setDefault(before);
  }

  @Test
  void training_ends_with_plain_digits_and_a_checkpoint_that_reads(@TempDir Path out) {
    Shell train = Shell.run("train", "lenet", "--limit", 64, "--steps", 1, "--out", out);
    assertThat(train.code()).as(train.err()).isZero();
    assertThat(train.lastLine()).matches("test accuracy [0-9]+\\.[0-9]{2}% \\([0-9]+/2000\\)");
    assertThat(Safetensors.readHeader(out.resolve("model.safetensors")).tensors())
        .containsKey("features.0.weight");
  }

  @Test
  void modules_and_their_summary_print_plain_digits() {
    Module model =
        new Sequential(
            new Conv2d(1, 4, 3).padding(1), new BatchNorm2d(4).eps(1e-12), new Linear(8, 1000));
    assertThat(model)
        .hasToString(
            """
            Sequential(
              (0): Conv2d(1, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
              (1): BatchNorm2d(4, eps=1e-12, momentum=0.1, affine=True, track_running_stats=True)
              (2): Linear(in_features=8, out_features=1000, bias=True)
            )\
            """);
    assertThat(model.summary(2, 1, 8, 8).toString())
        .contains("9,000")
        .contains("(0.00 G)")
        .matches("\\p{ASCII}*");
  }
}
