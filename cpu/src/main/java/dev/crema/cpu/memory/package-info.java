/**
 * The Java arrays behind tensors on the CPU and behind kernels' scratch, and the pool that keeps
 * them for reuse.
 */
@NullMarked
package dev.crema.cpu.memory;

import org.jspecify.annotations.NullMarked;
