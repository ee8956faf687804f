/**
 * What a backend must do: buffers, the kernels behind the ops, and the plans that carry every
 * checked, derived size to them.
 */
@NullMarked
package dev.crema.backend;

import org.jspecify.annotations.NullMarked;
