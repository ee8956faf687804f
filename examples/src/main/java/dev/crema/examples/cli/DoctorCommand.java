package dev.crema.examples.cli;

import dev.crema.backend.Backends;
import dev.crema.nn.data.DataHome;
import dev.crema.nn.data.KnownDataset;
import dev.crema.nn.data.Split;
import dev.crema.nn.io.DataNotFoundException;
import dev.crema.tensor.Device;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** {@code crema doctor}: everything that decides what runs here and how fast. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = "Shows what Crema found on this machine, and why something is missing.")
public final class DoctorCommand implements Callable<Integer> {
  private static final List<String> KNOWN_BACKENDS = List.of("cpu", "cuda");

  private static final int INDENT = 16;

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
    terminal.line("%nbackends");
    boolean cpuWorks = backends();
    terminal.line("%ndata sets");
    dataSets();
    return cpuWorks ? 0 : 1;
  }

  private boolean backends() {
    for (String type : KNOWN_BACKENDS) {
      row(type, "%s", DeviceOptions.whyNot(type).orElseGet(() -> "works: " + describe(type)));
      Backends.providers().stream()
          .filter(provider -> provider.type().equals(type))
          .flatMap(provider -> provider.details().stream())
          .forEach(line -> row("", "%s", line));
    }
    return DeviceOptions.whyNot("cpu").isEmpty();
  }

  private void dataSets() {
    DataHome home = DataHome.standard();
    boolean complete = true;
    row(DataOptions.STROKES, "built in");
    for (KnownDataset dataset : KnownDataset.values()) {
      String found;
      try {
        Path train = dataset.find(home, Split.TRAIN).getFirst();
        Path test = dataset.find(home, Split.TEST).getFirst();
        found = "in %s".formatted(train.getParent());
        if (!Objects.equals(train.getParent(), test.getParent())) {
          found += " and " + test.getParent();
        }
      } catch (DataNotFoundException _) {
        found = "not there";
        complete = false;
      }
      row(dataset.toString(), "%s", found);
    }
    if (!complete) {
      String roots = home.roots().stream().map(Path::toString).collect(Collectors.joining(", "));
      row("", "looked in %s; CREMA_DATA names another folder,", roots);
      row("", "and './crema train lenet --dataset mnist --download' fetches one");
    }
  }

  private static String describe(String type) {
    return Backends.get(Device.parse(type)).description();
  }

  private void row(String head, String format, Object... values) {
    terminal.line("%-" + (INDENT - 1) + "s %s", head, String.format(Locale.ROOT, format, values));
  }
}
