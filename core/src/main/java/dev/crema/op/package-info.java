/**
 * The ops, one file per family. Each op is its check (a plan), its forward (one backend call) and
 * its gradient, in one place.
 */
@NullMarked
package dev.crema.op;

import org.jspecify.annotations.NullMarked;
