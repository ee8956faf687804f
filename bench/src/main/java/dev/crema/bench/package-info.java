/** Benchmarks. */
@NullMarked
package dev.crema.bench;

import org.jspecify.annotations.NullMarked;
