/**
 * Crema beside other libraries in one JVM and one run: {@link dev.crema.bench.peers.Peers} is
 * {@code ./crema bench peers}. Results are compared before anything is timed, and contenders take
 * turns.
 */
@NullMarked
package dev.crema.bench.peers;

import org.jspecify.annotations.NullMarked;
