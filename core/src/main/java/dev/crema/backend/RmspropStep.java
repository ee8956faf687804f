package dev.crema.backend;

/**
 * One step of RMSprop (Hinton's lecture 6e), as PyTorch's: g += weightDecay·p; v = alpha·v + (1 −
 * alpha)·g²; d = g / (√v + eps); with momentum m = momentum·m + d and p −= lr·m, else p −= lr·d.
 */
public record RmspropStep(
    double lr, double alpha, double eps, double weightDecay, double momentum) {}
