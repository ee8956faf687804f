/** How parameters start. */
@NullMarked
package dev.crema.nn.init;

import org.jspecify.annotations.NullMarked;
