package dev.crema.examples.run;

/**
 * How a network is trained unless its user says otherwise.
 *
 * @param epochs passes over the training images
 * @param batch images per step
 * @param optimizer what changes the weights
 * @param lr its highest learning rate
 * @param schedule how the learning rate changes
 */
public record Recipe(
    int epochs, int batch, OptimizerKind optimizer, double lr, ScheduleKind schedule) {

  /** The recipe for a network of this name. */
  public static Recipe of(String model) {
    return switch (model) {
      // Their first layers learn nothing from SGD for hundreds of steps; from Adam they do.
      case "alexnet", "alexnet-2012" ->
          new Recipe(3, 32, OptimizerKind.ADAM, 1e-4, ScheduleKind.CONSTANT);
      // As the courses train theirs.
      case "simple-cnn-000", "simple-cnn-002" ->
          new Recipe(1, 64, OptimizerKind.ADAM, 1e-3, ScheduleKind.CONSTANT);
      // The fewest images that reach 99 % of MNIST's test images whatever the seed.
      case "lenet" -> new Recipe(3, 128, OptimizerKind.ADAM, 5e-3, ScheduleKind.ONE_CYCLE);
      case "resnet18", "resnet50" ->
          new Recipe(3, 32, OptimizerKind.ADAM, 1e-3, ScheduleKind.ONE_CYCLE);
      default -> new Recipe(3, 64, OptimizerKind.ADAM, 2e-3, ScheduleKind.ONE_CYCLE);
    };
  }
}
