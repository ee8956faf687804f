package dev.crema.examples.cli;

import dev.crema.examples.run.DivergedException;
import dev.crema.nn.StateDictException;
import dev.crema.nn.io.DataException;
import dev.crema.nn.io.DataNotFoundException;
import dev.crema.tensor.TensorException;
import java.io.PrintWriter;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns what a command throws into a line that helps, and an exit code. */
public final class Failures implements IExecutionExceptionHandler {
  private final BooleanSupplier stacktrace;

  /** The supplier says whether the user wants to see where an error came from. */
  public Failures(BooleanSupplier stacktrace) {
    this.stacktrace = stacktrace;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    boolean trace = stacktrace.getAsBoolean() || System.getenv("CREMA_DEBUG") != null;
    boolean expected =
        switch (e) {
          case UserError _, DataException _, TensorException _ -> true;
          case StateDictException _, DivergedException _ -> true;
          default -> false;
        };
    if (expected) {
      err.println("crema: " + e.getMessage());
    } else {
      err.println("crema: this should not have happened: " + e);
      if (!trace) {
        err.println("Run it again with --stacktrace, and please report what it says.");
      }
    }
    if (trace) {
      e.printStackTrace(err);
    }
    err.flush();
    return e instanceof UserError || e instanceof DataNotFoundException
        ? CommandLine.ExitCode.USAGE
        : CommandLine.ExitCode.SOFTWARE;
  }
}
