package dev.crema.backend;

/**
 * One step of Adam (Kingma and Ba, 2015), as PyTorch's: m = β1·m + (1 − β1)·g; v = β2·v + (1 −
 * β2)·g²; p −= lr / (1 − β1^t) · m / (√v / √(1 − β2^t) + eps). Weight decay adds weightDecay·p to
 * g, or, decoupled (AdamW), first scales p by 1 − lr·weightDecay.
 *
 * @param t the number of this step, from 1
 */
public record AdamStep(
    double lr,
    double beta1,
    double beta2,
    double eps,
    double weightDecay,
    boolean decoupled,
    long t) {}
