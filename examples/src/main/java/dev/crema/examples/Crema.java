package dev.crema.examples;

import dev.crema.bench.report.LabOutput;
import dev.crema.examples.cli.BenchCommand;
import dev.crema.examples.cli.ConvCommand;
import dev.crema.examples.cli.DoctorCommand;
import dev.crema.examples.cli.EvalCommand;
import dev.crema.examples.cli.Failures;
import dev.crema.examples.cli.GradcheckCommand;
import dev.crema.examples.cli.HelpLayout;
import dev.crema.examples.cli.ModelsCommand;
import dev.crema.examples.cli.Names;
import dev.crema.examples.cli.ProfileCommand;
import dev.crema.examples.cli.SummaryCommand;
import dev.crema.examples.cli.Terminal;
import dev.crema.examples.cli.TrainCommand;
import dev.crema.examples.cli.UsageErrors;
import dev.crema.examples.cli.Version;
import dev.crema.examples.run.OptimizerKind;
import dev.crema.examples.run.PrecisionKind;
import dev.crema.examples.run.ScheduleKind;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line: {@code ./crema COMMAND}. */
@Command(
    name = "./crema",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Trains, measures and inspects neural networks, in Java alone.",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nStart here:%n",
    footer = {
      "  ./crema train lenet                   trains on built-in digits, in a minute",
      "  ./crema train lenet --dataset mnist   trains on MNIST, if it is here",
      "  ./crema COMMAND --help                explains a command",
      "",
      "Environment:",
      "  CREMA_DATA         the folder of data sets",
      "  CREMA_JAVA_OPTS    options for the JVM, such as -Xmx6g",
      "  CREMA_JAVA_HOME    the JDK to use",
      "  CREMA_CLASS_PATH   jars and folders of your own, such as a ConvAlgorithm's",
      "  CREMA_DEBUG        set to anything: errors print where they came from,",
      "                     as with --stacktrace",
      "",
      "Exit codes:",
      "  0  all went well",
      "  1  it failed on the way, or a check did not pass",
      "  2  it was asked for what makes no sense or is not there"
    })
public final class Crema {
  @Option(names = "--stacktrace", scope = ScopeType.INHERIT, hidden = true)
  private boolean stacktrace;

  private Crema() {}

  /** Runs a command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    System.exit(run(Terminal.system(), args));
  }

  /**
   * Runs a command.
   *
   * @return 0 when all went well, 1 when the command failed, 2 when it was asked for what makes no
   *     sense or is not there
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
            .addSubcommand(new ProfileCommand(terminal))
            .addSubcommand(new ConvCommand(terminal))
            .addSubcommand(new BenchCommand(terminal))
            .addSubcommand(new DoctorCommand(terminal))
            .setOut(terminal.out())
            .setErr(terminal.err())
            .setUsageHelpAutoWidth(terminal.interactive())
            .setUsageHelpLongOptionsMaxWidth(26)
            .registerConverter(OptimizerKind.class, Names.oneOf(OptimizerKind.values()))
            .registerConverter(PrecisionKind.class, Names.oneOf(PrecisionKind.values()))
            .registerConverter(ScheduleKind.class, Names.oneOf(ScheduleKind.values()))
            .registerConverter(LabOutput.Format.class, Names.oneOf(LabOutput.Format.values()))
            .setParameterExceptionHandler(new UsageErrors())
            .setExecutionExceptionHandler(new Failures(() -> crema.stacktrace));
    HelpLayout.apply(commands);
    try {
      int code = commands.execute(args.length == 0 ? new String[] {"--help"} : args);
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
