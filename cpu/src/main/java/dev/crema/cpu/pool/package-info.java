/**
 * Pooling, plane by plane. Full windows at one distance from each other are taken many at a time:
 * the plane is first sorted by row and column modulo the stride, after which any one tap of
 * neighbouring windows lies dense, across rows too. Windows at the edges, and irregular ones, go
 * one by one.
 */
@NullMarked
package dev.crema.cpu.pool;

import org.jspecify.annotations.NullMarked;
