/**
 * Reverse-mode differentiation: the graph that ops record, the engine that walks it back, and the
 * numeric check of every gradient.
 */
@NullMarked
package dev.crema.autograd;

import org.jspecify.annotations.NullMarked;
