package dev.crema.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The CPU-executing CUDA driver that this module builds, and what can be asked of it: see {@code
 * src/main/cpp/driver/control.h}.
 */
final class CpuDriver {
  /** The results that tests ask for. */
  static final int OUT_OF_MEMORY = 2;

  static final int ILLEGAL_ADDRESS = 700;

  private static @Nullable CpuDriver loaded;

  private final SymbolLookup symbols;

  private CpuDriver(Path library) {
    symbols = SymbolLookup.libraryLookup(library, Arena.global());
  }

  /** The library that {@code crema.cuda.driver} names. */
  static Path library() {
    return Path.of(System.getProperty("crema.cuda.driver", "target/cpu-driver/lib/libcuda.so.1"));
  }

  /** Why it is not there, or empty when it is. */
  static Optional<String> missing() {
    if (Files.exists(library())) {
      return Optional.empty();
    }
    Path reason = library().resolveSibling("../missing").normalize();
    try {
      return Optional.of(
          Files.exists(reason)
              ? Files.readString(reason).strip()
              : "the CPU-executing driver is not built: there is no " + library());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static synchronized CpuDriver get() {
    CpuDriver driver = loaded;
    if (driver == null) {
      driver = new CpuDriver(library());
      loaded = driver;
    }
    return driver;
  }

  /** The nth call of a function from now on gives rc, and does nothing else. */
  void fail(String function, long nth, int rc) {
    failing("crema_test_fail", function, nth, rc);
  }

  /** The nth run from now on of a kernel, or of any ({@code ""}), ends as a crash does. */
  void failKernel(String kernel, long nth, int rc) {
    failing("crema_test_fail_kernel", kernel, nth, rc);
  }

  /** How often each function was called since {@link #reset}. */
  Map<String, Long> calls() {
    return numbers("crema_test_calls");
  }

  /** How often each kernel ran since {@link #reset}; {@code ""} is all of them. */
  Map<String, Long> launches() {
    return numbers("crema_test_launches");
  }

  /** What lives, by kind, such as {@code device memory}, {@code stream}, {@code cuDNN handle}. */
  Map<String, Long> living() {
    return numbers("crema_test_living");
  }

  /** How many live of a kind. */
  long living(String kind) {
    return living().getOrDefault(kind, 0L);
  }

  /** What happened that no correct program does, since {@link #reset}. */
  List<String> violations() {
    return text("crema_test_violations").lines().toList();
  }

  /** Gives a device so many bytes of memory. */
  void memory(int device, long bytes) {
    call("crema_test_memory", FunctionDescriptor.ofVoid(JAVA_INT, JAVA_LONG), device, bytes);
  }

  /** Forgets counts, failures, violations, memory limits and what crashed. */
  void reset() {
    call("crema_test_reset", FunctionDescriptor.ofVoid());
  }

  /** Whether one of its libraries has this function. */
  static boolean exports(String library, String function) {
    return SymbolLookup.libraryLookup(CpuDriver.library().resolveSibling(library), Arena.global())
        .find(function)
        .isPresent();
  }

  private void failing(String control, String name, long nth, int rc) {
    try (Arena arena = Arena.ofConfined()) {
      call(
          control,
          FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, JAVA_INT),
          arena.allocateFrom(name),
          nth,
          rc);
    }
  }

  private Map<String, Long> numbers(String function) {
    Map<String, Long> numbers = new TreeMap<>();
    for (String line : text(function).lines().toList()) {
      int space = line.lastIndexOf(' ');
      numbers.put(line.substring(0, space), Long.parseLong(line.substring(space + 1)));
    }
    return numbers;
  }

  private String text(String function) {
    var type = FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG);
    long length = (long) call(function, type, MemorySegment.NULL, 0L);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(MemoryLayout.sequenceLayout(length + 1, JAVA_BYTE));
      call(function, type, text, length + 1);
      return text.getString(0);
    }
  }

  private Object call(String name, FunctionDescriptor type, Object... arguments) {
    MethodHandle handle = Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), type);
    try {
      return handle.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException(name, e);
    }
  }
}
