package dev.crema.examples.run;

import org.jspecify.annotations.Nullable;

/**
 * What decides a run's result, bit for bit, on a given machine and version.
 *
 * @param model the network's name
 * @param classes how many it tells apart
 * @param dataset a data set's name, or the folder or zip file of its pictures
 * @param data the folder of data sets, where it was named
 * @param limit how many training images are used at most; null for all
 * @param resume the checkpoint whose weights it started from; null for random ones
 * @param epochs passes over the training images
 * @param steps how many batches end the run before that; null for all
 * @param batch images per step
 * @param optimizer what changes the weights
 * @param lr its highest learning rate
 * @param momentum of sgd and rmsprop
 * @param weightDecay its pull towards zero
 * @param schedule how the learning rate changes
 * @param precision how exactly it computes
 * @param seed where initial weights, order and dropout come from
 * @param device where it computes
 * @param threads how many threads compute on the CPU, which changes the speed alone
 * @param graphs whether steps run as CUDA graphs, which changes the speed alone
 * @param channelsLast whether images have their channels next to each other in memory
 */
public record Settings(
    String model,
    int classes,
    String dataset,
    @Nullable String data,
    @Nullable Integer limit,
    @Nullable String resume,
    int epochs,
    @Nullable Integer steps,
    int batch,
    OptimizerKind optimizer,
    double lr,
    double momentum,
    double weightDecay,
    ScheduleKind schedule,
    PrecisionKind precision,
    long seed,
    String device,
    int threads,
    boolean graphs,
    boolean channelsLast) {

  /** How many steps the run takes when an epoch has so many batches. */
  int totalSteps(int batchesPerEpoch) {
    long all = (long) epochs * batchesPerEpoch;
    return Math.toIntExact(steps == null ? all : Math.min(all, steps));
  }
}
