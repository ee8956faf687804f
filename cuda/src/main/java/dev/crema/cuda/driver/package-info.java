/** A CUDA device as the backend uses it: native libraries, checked calls, memory, transfers. */
@NullMarked
package dev.crema.cuda.driver;

import org.jspecify.annotations.NullMarked;
