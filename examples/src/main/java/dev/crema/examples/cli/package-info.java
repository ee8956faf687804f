/** The commands, and what they have in common. */
@NullMarked
package dev.crema.examples.cli;

import org.jspecify.annotations.NullMarked;
