/**
 * Elementwise kernels. Any operand of any type and strides is first made dense in one of three
 * computing types (f32 and f64 are their own, integers and bool compute in i64 and wrap when
 * stored), a tile at a time, so that each operator is one expression and there is one loop per
 * computing type. Dense operands are read and written in place.
 */
@NullMarked
package dev.crema.cpu.pointwise;

import org.jspecify.annotations.NullMarked;
