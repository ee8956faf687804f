package dev.crema.backend;

/**
 * The running statistics of a batch norm, [c] each, which move towards a batch's in place: r = (1 −
 * momentum)·r + momentum·batch, the variance unbiased.
 */
public record RunningStats(View mean, View var, double momentum) {}
