/**
 * Softmax, cross-entropy and batch normalisation. Sums are in f64; per element f32 computes in f32.
 */
@NullMarked
package dev.crema.cpu.norm;

import org.jspecify.annotations.NullMarked;
