/**
 * The CUDA backend: tensors in a device's memory, own kernels through the driver API, cuBLAS and
 * cuDNN.
 */
@NullMarked
package dev.crema.cuda;

import org.jspecify.annotations.NullMarked;
