/** The command line behind {@code ./crema}. */
@NullMarked
package dev.crema.examples;

import org.jspecify.annotations.NullMarked;
