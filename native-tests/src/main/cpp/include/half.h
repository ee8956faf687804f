// The 16-bit floats of CUDA in plain integers and floats: to the nearest number, ties to even. `bits` of a NaN are those
// that a GPU gives.
#pragma once
#include <math.h>
#include <stdint.h>
#include <string.h>

inline float floatWith(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

inline uint32_t bitsOf(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

// ---- f16: sign, 5 bits of exponent, 10 of fraction ----

inline float f16Value(uint16_t h) {
  uint32_t sign = uint32_t(h & 0x8000) << 16, exponent = h >> 10 & 31, fraction = h & 1023;
  if (exponent == 0) return sign ? -ldexpf(float(fraction), -24) : ldexpf(float(fraction), -24);
  if (exponent == 31) return floatWith(sign | 0x7F800000 | fraction << 13);
  return floatWith(sign | (exponent + 112) << 23 | fraction << 13);
}

inline uint16_t f16Bits(float x) {
  uint32_t bits = bitsOf(x), sign = bits >> 16 & 0x8000, size = bits & 0x7FFFFFFF;
  if (size > 0x7F800000) return 0x7FFF;
  if (size >= 0x477FF000) return uint16_t(sign | 0x7C00);  // from half way between 65504 and what would follow
  if (size < 0x38800000) return uint16_t(sign | uint32_t(nearbyintf(ldexpf(floatWith(size), 24))));
  return uint16_t(sign | (size + 0xFFF + (size >> 13 & 1) - 0x38000000) >> 13);
}

// ---- bf16: the upper half of a float ----

inline float bf16Value(uint16_t h) { return floatWith(uint32_t(h) << 16); }

inline uint16_t bf16Bits(float x) {
  uint32_t bits = bitsOf(x);
  return uint16_t((x != x ? bits | 0x400000 : bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

// ---- as elements that read and round themselves ----

struct F16 {
  uint16_t bits = 0;
  F16() = default;
  explicit F16(float x) : bits(f16Bits(x)) {}
  operator float() const { return f16Value(bits); }
};

struct BF16 {
  uint16_t bits = 0;
  BF16() = default;
  explicit BF16(float x) : bits(bf16Bits(x)) {}
  operator float() const { return bf16Value(bits); }
};
