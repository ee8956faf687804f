/** Files: weights in safetensors, atomic writes, bounded reads, and the errors of bad input. */
@NullMarked
package dev.crema.nn.io;

import org.jspecify.annotations.NullMarked;
