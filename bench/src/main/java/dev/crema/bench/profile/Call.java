package dev.crema.bench.profile;

/**
 * One op as it ran.
 *
 * @param op its name, such as {@code conv2d_backward_input}
 * @param layer the path of the module in which it ran, or in whose forward its gradient was made;
 *     empty outside of all
 * @param shape of what it made
 * @param start in nanoseconds since the profile began
 * @param nanos how long the device took
 * @param launches kernels, or calls of libraries
 * @param flops operations, a multiply-add being two; of convolutions and products only
 * @param bytes of its operands and results, each once
 */
public record Call(
    String op,
    String layer,
    String shape,
    long start,
    long nanos,
    long launches,
    double flops,
    long bytes) {}
