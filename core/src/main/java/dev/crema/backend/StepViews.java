package dev.crema.backend;

import org.jspecify.annotations.Nullable;

/**
 * One parameter in an optimizer's step, and what belongs to it, all of its shape and contiguous.
 *
 * @param p the parameter
 * @param g its gradient
 * @param m the momentum or first moment, null where the step has none
 * @param v the mean of squares, null where the step has none
 */
public record StepViews(View p, View g, @Nullable View m, @Nullable View v) {}
