package dev.crema.examples.run;

/**
 * How a run stands after an epoch; a line of its metrics.
 *
 * @param kind always {@code epoch}
 * @param epoch the epoch, from 1
 * @param step steps since the run began
 * @param loss the mean per training image, while they were learnt from
 * @param trainAccuracy the part of the training images that were right, while they were learnt from
 * @param testLoss the mean per test image
 * @param testAccuracy the part of the test images that were right
 * @param testCorrect how many these are
 * @param testTotal of how many
 * @param seconds for learning
 * @param imagesPerSecond while learning
 * @param liveBuffers the backend's buffers in use
 * @param liveBytes the bytes in those
 */
public record EpochReport(
    String kind,
    int epoch,
    int step,
    double loss,
    double trainAccuracy,
    double testLoss,
    double testAccuracy,
    long testCorrect,
    long testTotal,
    double seconds,
    double imagesPerSecond,
    long liveBuffers,
    long liveBytes) {}
