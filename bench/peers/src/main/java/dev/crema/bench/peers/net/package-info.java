/** The networks that are trained and run, written once for all libraries. */
@NullMarked
package dev.crema.bench.peers.net;

import org.jspecify.annotations.NullMarked;
