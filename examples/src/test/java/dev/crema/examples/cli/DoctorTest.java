package dev.crema.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.examples.Shell;
import org.junit.jupiter.api.Test;

class DoctorTest {
  @Test
  void says_what_runs_here_and_why_something_does_not() {
    Shell doctor = Shell.run("doctor");

    assertThat(doctor.code()).isZero();
    assertThat(doctor.out())
        .containsPattern("(?m)^crema +\\d+\\.\\d+\\.\\d+.*, commit \\S+$")
        .contains(System.getProperty("java.home"))
        .containsPattern("(?m)^heap +at most [\\d.]+ [KMG]iB")
        .containsPattern("(?m)^cpu +works: .*threads: \\d+$")
        .containsPattern("(?m)^cuda +(works: .*|cannot be used: .*)$")
        .containsPattern("(?m)^strokes +built in$");
    assertThat(doctor.err()).isEmpty();
  }
}
