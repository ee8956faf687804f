/**
 * Tensors and their value types: shape, layout, element type, device, scope, random numbers,
 * errors.
 */
@NullMarked
package dev.crema.tensor;

import org.jspecify.annotations.NullMarked;
