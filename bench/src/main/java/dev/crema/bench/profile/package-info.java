/** Where a network's time goes: by op, by layer, and one after the other. */
@NullMarked
package dev.crema.bench.profile;

import org.jspecify.annotations.NullMarked;
