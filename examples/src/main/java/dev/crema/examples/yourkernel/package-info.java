/** A convolution algorithm from outside the engine; docs/your-own-kernel.md walks through it. */
@NullMarked
package dev.crema.examples.yourkernel;

import org.jspecify.annotations.NullMarked;
