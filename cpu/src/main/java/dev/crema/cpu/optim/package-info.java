/** The optimizers' updates: one pass over each operand, since memory traffic is all their cost. */
@NullMarked
package dev.crema.cpu.optim;

import org.jspecify.annotations.NullMarked;
