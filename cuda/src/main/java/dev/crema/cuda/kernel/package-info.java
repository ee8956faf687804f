/** The backend's own kernels: how they are loaded and launched, and one class per family. */
@NullMarked
package dev.crema.cuda.kernel;

import org.jspecify.annotations.NullMarked;
