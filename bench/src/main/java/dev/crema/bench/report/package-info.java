/** The lab's results for people and programs: tables, CSV, JSON, and a page with plots. */
@NullMarked
package dev.crema.bench.report;

import org.jspecify.annotations.NullMarked;
