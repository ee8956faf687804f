/** The loop around model, loss and optimizer, for those who do not write their own. */
@NullMarked
package dev.crema.nn.train;

import org.jspecify.annotations.NullMarked;
