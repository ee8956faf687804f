package dev.crema.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.crema.examples.Shell;
import dev.crema.nn.io.Safetensors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run that is cut short leaves the last checkpoint whole. */
class CrashTest {
  @Test
  @Timeout(300)
  void a_disk_without_room_fails_the_run_and_spares_the_checkpoint(@TempDir Path out)
      throws Exception {
    Path shell = Path.of("/bin/bash");
    assumeTrue(Files.isExecutable(shell), "needs a shell that limits the size of files");
    assertThat(Shell.run("train", "lenet", "--limit", 64, "--steps", 1, "--out", out).code())
        .isZero();
    byte[] before = Files.readAllBytes(out.resolve("model.safetensors"));
    Files.delete(out.resolve("config.json"));
    Files.delete(out.resolve("metrics.jsonl"));

    // Files of up to 64 kB: config.json fits, LeNet's 247 kB do not.
    var command =
        new ArrayList<String>(List.of(shell.toString(), "-c", "ulimit -f 64 && \"$@\"", "-"));
    command.addAll(
        Shell.process("train", "lenet", "--limit", 64, "--steps", 1, "--seed", 9, "--out", out));
    Process run = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(run.waitFor()).as(said).isEqualTo(1);
    assertThat(said)
        .contains(out.resolve("model.safetensors").toString(), "the previous file is unchanged")
        .doesNotContain("\tat ");
    assertThat(Files.readAllBytes(out.resolve("model.safetensors"))).isEqualTo(before);
    assertThat(names(out)).containsOnly("config.json", "metrics.jsonl", "model.safetensors");
  }

  @Test
  @Timeout(300)
  void an_interrupted_run_leaves_its_last_checkpoint_and_says_so(@TempDir Path out)
      throws Exception {
    Path said = out.resolve("said");
    Process run =
        new ProcessBuilder(
                Shell.process("train", "lenet", "--limit", 64, "--epochs", 100_000, "--out", out))
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    Path checkpoint = out.resolve("model.safetensors");
    while (run.isAlive() && !Files.exists(checkpoint)) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    TimeUnit.MILLISECONDS.sleep(200); // In the middle of some epoch, or of some writing.
    run.destroy();

    assertThat(run.waitFor()).isNotZero();
    assertThat(Files.readString(said)).contains("stopped; the last checkpoint is " + checkpoint);
    assertThat(Safetensors.readHeader(checkpoint).tensors()).hasSize(10);
    Shell eval = Shell.run("eval", "lenet", "--checkpoint", checkpoint);
    assertThat(eval.code()).as(eval.err()).isZero();
  }

  private static List<String> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
