/**
 * The CPU backend: Java arrays from a pool, parallel loops with the same bits on any number of
 * threads, SIMD kernels where the Vector API is there.
 */
@NullMarked
package dev.crema.cpu;

import org.jspecify.annotations.NullMarked;
