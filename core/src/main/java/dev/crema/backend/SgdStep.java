package dev.crema.backend;

/**
 * One step of stochastic gradient descent (PyTorch's SGD): g += weightDecay·p; m = momentum·m + (1
 * − dampening)·g, or m = g at the first step; g = nesterov ? g + momentum·m : m; p −= lr·g. Without
 * momentum there is no m.
 */
public record SgdStep(
    double lr,
    double momentum,
    double dampening,
    double weightDecay,
    boolean nesterov,
    boolean first) {}
