/** What is compared: a task is the data and the sizes, and says nothing of who does it. */
@NullMarked
package dev.crema.bench.peers.task;

import org.jspecify.annotations.NullMarked;
