/** Random numbers by the rules at {@link dev.crema.tensor.Philox}. */
@NullMarked
package dev.crema.cpu.random;

import org.jspecify.annotations.NullMarked;
