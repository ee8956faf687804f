/** The CUDA backend's tests: on a driver that runs on the CPU, and on a GPU where there is one. */
@NullMarked
package dev.crema.natives;

import org.jspecify.annotations.NullMarked;
