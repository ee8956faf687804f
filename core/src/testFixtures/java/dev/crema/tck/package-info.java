/** The conformance suites that every backend passes, and the reference they are held against. */
@NullMarked
package dev.crema.tck;

import org.jspecify.annotations.NullMarked;
