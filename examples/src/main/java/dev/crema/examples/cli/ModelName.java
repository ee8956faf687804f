package dev.crema.examples.cli;

import dev.crema.nn.models.ModelSpec;
import dev.crema.nn.models.Models;
import java.util.Iterator;
import picocli.CommandLine.Parameters;

/** The argument MODEL. */
final class ModelName {
  @Parameters(
      paramLabel = "MODEL",
      completionCandidates = Known.class,
      description = "One that './crema models' lists, such as lenet.")
  private String name = "";

  /** The model of this name. */
  ModelSpec resolve() {
    if (!Models.names().contains(name)) {
      throw new UserError(
          "there is no model '%s'.%s Hint: './crema models' lists them"
              .formatted(name, Names.didYouMean(name, Models.names())));
    }
    return Models.get(name);
  }

  /** The names there are, which shells may complete. */
  static final class Known implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Models.names().iterator();
    }
  }
}
