/**
 * Optimizers, learning-rate schedules and gradient clipping, with PyTorch's formulas and defaults.
 */
@NullMarked
package dev.crema.nn.optim;

import org.jspecify.annotations.NullMarked;
