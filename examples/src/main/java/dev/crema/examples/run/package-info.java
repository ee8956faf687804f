/** What a training run is made of: its data, its settings, its folder and its loop. */
@NullMarked
package dev.crema.examples.run;

import org.jspecify.annotations.NullMarked;
