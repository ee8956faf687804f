/** Who is compared: a file for each library and kind of task. */
@NullMarked
package dev.crema.bench.peers.lib;

import org.jspecify.annotations.NullMarked;
