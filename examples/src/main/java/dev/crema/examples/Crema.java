package dev.crema.examples;

import dev.crema.examples.cli.DoctorCommand;
import dev.crema.examples.cli.EvalCommand;
import dev.crema.examples.cli.Failures;
import dev.crema.examples.cli.GradcheckCommand;
import dev.crema.examples.cli.ModelsCommand;
import dev.crema.examples.cli.SummaryCommand;
import dev.crema.examples.cli.Terminal;
import dev.crema.examples.cli.TrainCommand;
import dev.crema.examples.cli.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line: {@code ./crema COMMAND}. */
@Command(
    name = "crema",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Trains, measures and inspects neural networks, in Java alone.",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nStart here:%n",
    footer = {
      "  crema train lenet                   trains on built-in digits, in a minute",
      "  crema train lenet --dataset mnist   trains on MNIST, if it is on this machine",
      "  crema COMMAND --help                explains a command",
      "",
      "Environment:",
      "  CREMA_DATA         the folder of data sets",
      "  CREMA_JAVA_OPTS    options for the JVM, such as -Xmx6g",
      "  CREMA_JAVA_HOME    the JDK to use",
      "  CREMA_DEBUG        set to anything: errors print where they came from"
    })
public final class Crema {
  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "On an error, print where it came from (or set CREMA_DEBUG=1).")
  private boolean stacktrace;

  private Crema() {}

  /** Runs a command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    System.exit(run(Terminal.system(), args));
  }

  /**
   * Runs a command.
   *
   * @return 0 when all went well, 1 when the command failed, 2 when it was asked for what does not
   *     exist
   */
  public static int run(Terminal terminal, String... args) {
    var crema = new Crema();
    var commands =
        new CommandLine(crema)
            .addSubcommand(new TrainCommand(terminal))
            .addSubcommand(new EvalCommand(terminal))
            .addSubcommand(new SummaryCommand(terminal))
            .addSubcommand(new ModelsCommand(terminal))
            .addSubcommand(new GradcheckCommand(terminal))
            .addSubcommand(new DoctorCommand(terminal))
            .setOut(terminal.out())
            .setErr(terminal.err())
            .setUsageHelpAutoWidth(terminal.interactive())
            .setUsageHelpLongOptionsMaxWidth(26)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(new Failures(() -> crema.stacktrace));
    try {
      int code = commands.execute(args);
      // A writer keeps its failure, such as a full disk behind a redirect, to itself.
      return code == 0 && terminal.out().checkError() ? CommandLine.ExitCode.SOFTWARE : code;
    } catch (OutOfMemoryError _) {
      terminal
          .err()
          .println("crema: the heap is full. Hint: a smaller --batch, or CREMA_JAVA_OPTS=-Xmx6g");
      return CommandLine.ExitCode.SOFTWARE;
    }
  }
}
