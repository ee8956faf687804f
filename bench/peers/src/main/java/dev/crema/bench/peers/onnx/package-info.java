/** Models in ONNX's format, written by hand. */
@NullMarked
package dev.crema.bench.peers.onnx;

import org.jspecify.annotations.NullMarked;
