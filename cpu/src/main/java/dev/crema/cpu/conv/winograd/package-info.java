/**
 * Winograd convolution: small convolutions by few multiplications, done for all channels at once by
 * matrix products. {@link dev.crema.cpu.conv.winograd.Winograd} says how.
 */
@NullMarked
package dev.crema.cpu.conv.winograd;

import org.jspecify.annotations.NullMarked;
