package dev.crema.examples.cli;

import dev.crema.examples.run.DivergedException;
import dev.crema.nn.StateDictException;
import dev.crema.nn.io.DataException;
import dev.crema.nn.io.DataNotFoundException;
import dev.crema.tensor.TensorException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
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
    } else if (fileOf(e) instanceof FileSystemException file) {
      err.println("crema: " + trouble(file));
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

  /** The file system's complaint that this is, or wraps; otherwise null. */
  private static @Nullable FileSystemException fileOf(Throwable e) {
    Throwable t = e instanceof UncheckedIOException ? e.getCause() : e;
    return t instanceof FileSystemException file ? file : null;
  }

  /** In words: the JDK says what is wrong by the exception's class alone, and names the file. */
  private static String trouble(FileSystemException e) {
    String what =
        switch (e) {
          case NoSuchFileException _ -> "no such file or folder";
          case AccessDeniedException _ -> "permission denied";
          case NotDirectoryException _ -> "not a folder";
          case FileAlreadyExistsException _ -> "in the way: exists, and is not a folder";
          default -> e.getReason() == null ? "cannot be used" : e.getReason();
        };
    return e.getFile() + ": " + what;
  }
}
