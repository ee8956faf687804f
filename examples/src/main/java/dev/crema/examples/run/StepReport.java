package dev.crema.examples.run;

/**
 * How a run stands after some steps; a line of its metrics.
 *
 * @param kind always {@code step}
 * @param epoch the epoch, from 1
 * @param step steps since the run began
 * @param loss the mean per image since the last such report of the epoch
 * @param lr the learning rate of the last step
 * @param imagesPerSecond since the epoch began
 * @param liveBuffers the backend's buffers in use
 * @param liveBytes the bytes in those
 */
public record StepReport(
    String kind,
    int epoch,
    int step,
    double loss,
    double lr,
    double imagesPerSecond,
    long liveBuffers,
    long liveBytes) {}
