package dev.crema.cpu.conv.winograd;

/**
 * How one group's filters lie in a weight tensor: the filter of output o and input c starts at
 * {@code o·output + c·input}, and its tap i is {@code first + i·step} further.
 *
 * @param outputs how many outputs there are
 * @param taps r·r
 */
record FilterLayout(int outputs, int output, int input, int first, int step, int taps) {}
