/**
 * The convolution lab: problems in benchdnn's notation, every algorithm checked against f64 and
 * timed in turns, each figure against a limit measured in the same run. {@link
 * dev.crema.bench.lab.Lab} is the way in; {@code ./crema conv} is its command line.
 */
@NullMarked
package dev.crema.bench.lab;

import org.jspecify.annotations.NullMarked;
