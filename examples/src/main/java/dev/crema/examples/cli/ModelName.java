package dev.crema.examples.cli;

import dev.crema.nn.models.ModelSpec;
import dev.crema.nn.models.Models;
import java.util.Iterator;

/** The names of models, which shells may complete. */
final class ModelName implements Iterable<String> {
  static final String HELP = "One that './crema models' lists, such as lenet.";

  /** The model of this name. */
  static ModelSpec resolve(String name) {
    if (!Models.names().contains(name)) {
      throw new UserError(
          "there is no model '%s'.%s Hint: './crema models' lists them"
              .formatted(name, Names.didYouMean(name, Models.names())));
    }
    return Models.get(name);
  }

  @Override
  public Iterator<String> iterator() {
    return Models.names().iterator();
  }
}
