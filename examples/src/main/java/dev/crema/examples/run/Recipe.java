package dev.crema.examples.run;

/**
 * How a network is trained unless its user says otherwise.
 *
 * @param epochs passes over the training images
 * @param batch images per step
 * @param optimizer what changes the weights
 * @param lr its highest learning rate
 * @param weightDecay its pull towards zero
 * @param schedule how the learning rate changes
 */
public record Recipe(
    int epochs,
    int batch,
    OptimizerKind optimizer,
    double lr,
    double weightDecay,
    ScheduleKind schedule) {

  /** The recipe for a network of this name. */
  public static Recipe of(String model) {
    return switch (model) {
      // As Krizhevsky trained it, at a learning rate for batches of 32.
      case "alexnet", "alexnet-2012" ->
          new Recipe(10, 32, OptimizerKind.SGD, 0.01, 5e-4, ScheduleKind.COSINE);
      // As the courses train theirs.
      case "simple-cnn-000", "simple-cnn-002" ->
          new Recipe(1, 64, OptimizerKind.ADAM, 1e-3, 0, ScheduleKind.CONSTANT);
      default -> new Recipe(3, 64, OptimizerKind.ADAM, 2e-3, 0, ScheduleKind.ONE_CYCLE);
    };
  }
}
