/** Crema's side of a race with another program, in turns. */
@NullMarked
package dev.crema.bench.turns;

import org.jspecify.annotations.NullMarked;
