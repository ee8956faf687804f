/** What the tests of several packages share. */
@NullMarked
package dev.crema.nn.testing;

import org.jspecify.annotations.NullMarked;
