/**
 * What every op is tried with: one list of cases per family, read by the conformance suites and by
 * the command line's gradient check. Adding an op means adding its cases to one of these lists.
 */
@NullMarked
package dev.crema.cases;

import org.jspecify.annotations.NullMarked;
