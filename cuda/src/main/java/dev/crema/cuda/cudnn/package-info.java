/** Convolution by cuDNN. */
@NullMarked
package dev.crema.cuda.cudnn;

import org.jspecify.annotations.NullMarked;
