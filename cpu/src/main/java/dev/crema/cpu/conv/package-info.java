/**
 * Convolution and its two gradients. {@link dev.crema.cpu.conv.Conv2d} is the entry and picks the
 * algorithm; each algorithm is three methods over arrays. {@link dev.crema.cpu.conv.Im2col} is the
 * map between images and matrices that they share.
 */
@NullMarked
package dev.crema.cpu.conv;

import org.jspecify.annotations.NullMarked;
