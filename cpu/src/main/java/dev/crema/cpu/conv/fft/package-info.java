/** Convolution by the fast Fourier transform, in tiles. */
@NullMarked
package dev.crema.cpu.conv.fft;

import org.jspecify.annotations.NullMarked;
