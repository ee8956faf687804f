/**
 * Gather and scatter-add. All is rows along the last dimension: a row's indices, checked, become
 * offsets into the table, then one loop per type moves or adds. Rows that share table elements are
 * taken in order by one thread.
 */
@NullMarked
package dev.crema.cpu.index;

import org.jspecify.annotations.NullMarked;
