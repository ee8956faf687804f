package dev.crema.examples.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in a line what is wrong with a command, and where to read on. */
public final class UsageErrors implements IParameterExceptionHandler {
  /** The only way to report. */
  public UsageErrors() {}

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.printf(
        "crema: %s%nSee %s --help%n", message(e), command.getCommandSpec().qualifiedName(" "));
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }

  private static String message(ParameterException e) {
    if (!(e instanceof UnmatchedArgumentException unmatched)) {
      return String.valueOf(e.getMessage());
    }
    String wrong = unmatched.getUnmatched().getFirst();
    CommandLine command = e.getCommandLine();
    List<String> known = new ArrayList<>(command.getSubcommands().keySet());
    if (!wrong.startsWith("-") && known.isEmpty()) {
      return "there is one argument too many, '%s'".formatted(wrong);
    }
    String what = "command";
    if (wrong.startsWith("-")) {
      what = "option";
      wrong = wrong.replaceFirst("=.*", "");
      known =
          command.getCommandSpec().options().stream().map(option -> option.longestName()).toList();
    }
    return "there is no %s '%s'.%s".formatted(what, wrong, Names.didYouMean(wrong, known));
  }
}
