package dev.crema.nn.io;

import dev.crema.tensor.DType;
import dev.crema.tensor.Shape;

/**
 * What a safetensors header says about one tensor.
 *
 * @param dtype the element type
 * @param shape the sizes; row-major
 * @param begin where its bytes start in the file's data section
 * @param end where they end, exclusive
 */
public record TensorInfo(DType dtype, Shape shape, long begin, long end) {}
