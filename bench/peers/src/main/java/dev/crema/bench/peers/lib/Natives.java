package dev.crema.bench.peers.lib;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** What all native libraries share: where they are unpacked, and this process's environment. */
final class Natives {
  private Natives() {}

  /** A folder for a library's files, beside what the build made. */
  static Path folder(String library) {
    return Path.of(System.getProperty("crema.home", "."), "bench/peers/target/natives", library)
        .toAbsolutePath();
  }

  /**
   * Sets a variable that native libraries read when they are loaded, unless the user did. Java
   * knows no such call: the C library's is used.
   */
  static void defaultVariable(String name, String value) {
    Linker linker = Linker.nativeLinker();
    SymbolLookup libc = linker.defaultLookup();
    var setenv =
        linker.downcallHandle(
            libc.findOrThrow("setenv"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      int failed = (int) setenv.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 0);
      if (failed != 0) {
        throw new IllegalStateException("setenv " + name + " failed");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Calls a function without arguments that returns a string. */
  static String string(SymbolLookup library, String function) {
    var call =
        Linker.nativeLinker()
            .downcallHandle(
                library.findOrThrow(function), FunctionDescriptor.of(ValueLayout.ADDRESS));
    try {
      return ((MemorySegment) call.invokeExact()).reinterpret(Long.MAX_VALUE).getString(0);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Calls a function that takes a number and returns nothing. */
  static void call(SymbolLookup library, String function, int argument) {
    var call =
        Linker.nativeLinker()
            .downcallHandle(
                library.findOrThrow(function), FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
    try {
      call.invokeExact(argument);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
