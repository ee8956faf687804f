package dev.crema.bench.lab;

/**
 * How fast something was.
 *
 * @param name what
 * @param how which algorithm, or nothing
 * @param minMs of the fastest sample
 * @param samples how many were timed
 * @param rate of the fastest sample, in {@code unit}
 * @param unit {@code GFLOP/s} or {@code images/s}
 * @param peakPercent of the multiply-add peak; of direct convolution's or the product's operations
 */
public record Measurement(
    String name,
    String how,
    double minMs,
    double medianMs,
    int samples,
    double rate,
    String unit,
    double peakPercent) {}
