package dev.crema.examples.cli;

import dev.crema.backend.BackendProvider;
import dev.crema.backend.Backends;
import dev.crema.tensor.Device;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code crema doctor}: everything that decides what runs here and how fast. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = "Shows what Crema found on this machine, and why something is missing.")
public final class DoctorCommand implements Callable<Integer> {
  private static final List<String> KNOWN_BACKENDS = List.of("cpu", "cuda");

  private final Terminal terminal;

  /** Prints to this terminal. */
  public DoctorCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Machine machine = Machine.here();
    row("crema", "%s, commit %s", Version.number(), Version.commit());
    row("java", "%s", machine.java());
    row("", "in %s", machine.javaHome());
    row("system", "%s", machine.system());
    row("cpu", "%s, %s", machine.cpu(), Words.count(machine.processors(), "core"));
    row("memory", "%s", machine.memory().map(Words::bytes).orElse("unknown"));
    row("heap", "at most %s (CREMA_JAVA_OPTS=-Xmx6g sets it)", Words.bytes(machine.maxHeap()));
    boolean cpuWorks = backends();
    return cpuWorks ? 0 : 1;
  }

  private boolean backends() {
    boolean cpuWorks = false;
    List<BackendProvider> providers = Backends.providers();
    for (String type : KNOWN_BACKENDS) {
      List<BackendProvider> mine = providers.stream().filter(p -> p.type().equals(type)).toList();
      if (mine.isEmpty()) {
        row(type, "not there: crema-%s is not on the class path", type);
      }
      for (BackendProvider provider : mine) {
        String why = provider.unavailable().orElse(null);
        row(type, "%s", why == null ? "works: " + describe(type) : "cannot be used: " + why);
        cpuWorks |= why == null && type.equals("cpu");
      }
    }
    return cpuWorks;
  }

  private static String describe(String type) {
    return Backends.get(Device.parse(type)).description();
  }

  private void row(String head, String format, Object... values) {
    terminal.line("%-15s %s", head, String.format(Locale.ROOT, format, values));
  }
}
