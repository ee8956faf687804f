/**
 * Reductions. Where a result's elements lie in runs, a run at a time is folded into it (rows);
 * where neighbouring results do, a run is folded into as many results at once (columns). Floating
 * numbers accumulate in f64, sums of f64 with a running compensation, so that no sum is less exact
 * than a pairwise one. The range behind a result is cut by its length alone, and the pieces'
 * results are joined in order.
 */
@NullMarked
package dev.crema.cpu.reduce;

import org.jspecify.annotations.NullMarked;
