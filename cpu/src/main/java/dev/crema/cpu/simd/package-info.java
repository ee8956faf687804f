/**
 * Whether and how wide kernels use SIMD.
 *
 * <p>How a kernel family picks: it has a scalar class and a vector class with the same static
 * methods, and its entry says {@code if (Simd.VECTOR) { FooVector.run(..); } else {
 * FooScalar.run(..); }}. {@link dev.crema.cpu.simd.Simd#VECTOR} is constant, so the branch costs
 * nothing, and the vector class is not even loaded where there is no Vector API. Only vector
 * classes name {@link dev.crema.cpu.simd.Lanes} or {@code jdk.incubator.vector}.
 *
 * <p>Two rules keep the bits the same from run to run. {@code reduceLanes(ADD)} and {@code
 * reduceLanes(MUL)} of floating lanes have no defined order: store the lanes and add them in a
 * loop. And where a vector function is not bit for bit its scalar counterpart (EXP, TANH, …), an
 * element must not move between body and tail when the work is split, so split at multiples of the
 * lane count: {@link dev.crema.cpu.Parallel#range} does, at its grain.
 */
@NullMarked
package dev.crema.cpu.simd;

import org.jspecify.annotations.NullMarked;
