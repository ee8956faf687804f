package dev.crema.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.examples.Shell;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandLineTest {
  @Test
  void help_lists_the_commands_and_where_to_start() {
    Shell help = Shell.run("--help");

    assertThat(help.code()).isZero();
    assertThat(help.out())
        .contains("crema train lenet", "CREMA_DATA", "CREMA_JAVA_OPTS")
        .containsPattern("(?m)^  doctor ");
    assertThat(help.lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void an_unknown_command_is_a_usage_error_that_names_the_likely_one() {
    Shell wrong = Shell.run("docter");

    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("docter", "Did you mean", "doctor").doesNotContain("\tat ");
  }

  @Test
  void no_command_is_a_usage_error_that_lists_them() {
    Shell nothing = Shell.run();

    assertThat(nothing.code()).isEqualTo(2);
    assertThat(nothing.err()).contains("Usage: crema", "doctor");
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
