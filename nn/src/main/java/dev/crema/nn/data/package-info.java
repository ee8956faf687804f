/** Data sets, their transforms, and the loader that makes batches of them. */
@NullMarked
package dev.crema.nn.data;

import org.jspecify.annotations.NullMarked;
