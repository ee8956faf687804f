/**
 * Elementary functions that give the same bits one by one and in vectors of any width: every step
 * is one IEEE operation (a fused multiply-add counts as one), taken in the same order by the scalar
 * and the vector version. That makes an element's result independent of its position, of the thread
 * and of the machine.
 *
 * <p>e^x = 2^k·e^r with k = round(x/ln 2) and |r| ≤ ln 2/2, where e^r = 1 + r + r²·q(r). ln x =
 * k·ln 2 + ln(1 + f) with 1 + f in [√½, √2), where s = f/(2 + f) and ln(1 + f) = 2s + s·s²·p(s²). q
 * and p are Chebyshev fits, computed for these intervals with 50 digits.
 */
@NullMarked
package dev.crema.cpu.math;

import org.jspecify.annotations.NullMarked;
