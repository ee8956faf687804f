/** Products by cuBLAS. */
@NullMarked
package dev.crema.cuda.cublas;

import org.jspecify.annotations.NullMarked;
