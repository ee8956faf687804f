package dev.crema.examples.cli;

import dev.crema.nn.Module;
import dev.crema.nn.models.ModelSpec;
import dev.crema.nn.models.Models;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code crema models}: the networks that can be made by name. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    description = "Lists the networks: input, parameters, data sets that suit them, and source.")
public final class ModelsCommand implements Callable<Integer> {
  private final Terminal terminal;

  /** Prints to this terminal. */
  public ModelsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    var table = new ArrayList<List<String>>();
    table.add(List.of("model", "input", "parameters", "data sets", "what it is"));
    for (ModelSpec spec : Models.all()) {
      table.add(
          List.of(
              spec.name(),
              spec.imageShape().toString(),
              String.format(Locale.ROOT, "%,d", parameters(spec)),
              String.join(", ", spec.dataSets()),
              spec.description()));
    }
    Words.table(table, 2).forEach(row -> terminal.line("%s", row));
    terminal.line(
        "%nDIR: a folder or zip file of photographs, for --dataset. Any data set that fits an");
    terminal.line(
        "input can be used. The numbers name the courses that the small networks are from.");
    return 0;
  }

  private static long parameters(ModelSpec spec) {
    try (Module model = spec.create()) {
      return model.parameters().stream().mapToLong(Tensor::numel).sum();
    }
  }
}
