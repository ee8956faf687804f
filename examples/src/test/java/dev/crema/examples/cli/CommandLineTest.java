package dev.crema.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.examples.Shell;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandLineTest {
  @Test
  void help_lists_the_commands_and_where_to_start() {
    Shell help = Shell.run("--help");

    assertThat(help.code()).isZero();
    assertThat(help.out())
        .contains("./crema train lenet", "CREMA_DATA", "CREMA_JAVA_OPTS", "Exit codes:")
        .doesNotContainPattern("[^./]crema (train|COMMAND)")
        .containsPattern("(?m)^  doctor ");
    assertThat(help.lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void an_unknown_command_is_a_usage_error_that_names_the_likely_one() {
    Shell wrong = Shell.run("docter");

    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err().lines())
        .containsExactly(
            "crema: there is no command 'docter'. Did you mean doctor?", "See ./crema --help");
  }

  @Test
  void no_command_at_all_asks_for_help() {
    Shell nothing = Shell.run();

    assertThat(nothing.code()).isZero();
    assertThat(nothing.out()).isEqualTo(Shell.run("--help").out()).contains("Usage: ./crema");
  }

  @Test
  void the_help_of_every_command_fits_a_terminal_and_has_every_option_once() {
    for (String command : List.of("train", "eval", "summary", "models", "gradcheck", "doctor")) {
      Shell help = Shell.run(command, "--help");

      assertThat(help.code()).isZero();
      assertThat(help.lines()).as(command).allMatch(line -> line.length() <= 80);
      assertThat(help.lines().stream().filter(line -> line.matches(" +(-.,)? +--\\w.*")))
          .as(command)
          .doesNotHaveDuplicates();
      assertThat(help.lines().getFirst()).startsWith("Usage: ./crema " + command);
    }
  }

  @Test
  void the_help_goes_from_what_is_asked_most_to_what_all_commands_have() {
    assertThat(Shell.run("train", "--help").out())
        .containsSubsequence(
            "MODEL", "\nData:", "\nTraining:", "\nOutput:", "\nMachine:", "--help", "\nExamples:");
  }

  @Test
  void a_mistake_in_the_arguments_takes_two_lines() {
    mistaken("there is no option '--epoch'. Did you mean --epochs?", "lenet", "--epoch=3");
    mistaken("Invalid value for option '--epochs': 'x' is not an int", "lenet", "--epochs", "x");
    mistaken("Missing required parameter: 'MODEL'");
    mistaken("there is one argument too many, 'extra'", "lenet", "extra");
    mistaken(
        "Invalid value for option '--schedule': expected constant, step, cosine, one-cycle, got"
            + " 'x'",
        "lenet",
        "--schedule",
        "x");
  }

  private static void mistaken(String message, Object... args) {
    var words = new ArrayList<Object>(List.of("train"));
    words.addAll(List.of(args));
    Shell wrong = Shell.run(words.toArray());
    assertThat(wrong.err().lines())
        .containsExactly("crema: " + message, "See ./crema train --help");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.out()).isEmpty();
  }

  @Test
  void close_names_come_likeliest_first() {
    var known = List.of("lenet", "lenet5", "alexnet", "simple-cnn");

    assertThat(Names.closest("lennet", known)).startsWith("lenet").doesNotContain("simple-cnn");
    assertThat(Names.closest("simple", known)).containsExactly("simple-cnn");
    assertThat(Names.closest("zzzzzzzz", known)).isEmpty();
    assertThat(Names.didYouMean("zzzzzzzz", known)).isEmpty();
  }

  @Test
  void quantities_read_well() {
    assertThat(Words.bytes(512)).isEqualTo("512 bytes");
    assertThat(Words.bytes(1536)).isEqualTo("1.5 KiB");
    assertThat(Words.bytes(3L << 40)).isEqualTo("3.0 TiB");
    assertThat(Words.count(1, "core")).isEqualTo("1 core");
    assertThat(Words.count(1200, "image")).isEqualTo("1,200 images");
  }
}
