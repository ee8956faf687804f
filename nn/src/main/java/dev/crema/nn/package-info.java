/**
 * Layers, losses and the {@link dev.crema.nn.Module} that networks are made of, with PyTorch's
 * names and defaults.
 */
@NullMarked
package dev.crema.nn;

import org.jspecify.annotations.NullMarked;
