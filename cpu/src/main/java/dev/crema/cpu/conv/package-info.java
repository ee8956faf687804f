/**
 * Convolution and its two gradients. {@link dev.crema.cpu.conv.Conv2d} is the backend's way in,
 * {@link dev.crema.cpu.conv.Selection} chooses among {@link dev.crema.cpu.conv.Algorithms}, and
 * each {@link dev.crema.cpu.conv.ConvAlgorithm} is three methods over arrays. Yours can be one of
 * them.
 */
@NullMarked
package dev.crema.cpu.conv;

import org.jspecify.annotations.NullMarked;
