// Eight 32-bit numbers at a time: the primitives of `transform_template.h`, for AVX2.
#ifndef EDGED_LANES_AVX2_H
#define EDGED_LANES_AVX2_H

#include <immintrin.h>

#include "processor.h"
#include "product_avx2.h"

typedef int32_t edged_lanes_avx2 __attribute__((vector_size(32)));

EDGED_INLINE EDGED_AVX2 edged_lanes_avx2 edged_load_avx2(const int32_t *from) {
  return (edged_lanes_avx2)_mm256_loadu_si256((const __m256i *)from);
}

EDGED_INLINE EDGED_AVX2 void edged_store_avx2(int32_t *to, edged_lanes_avx2 v) {
  _mm256_storeu_si256((__m256i *)to, (__m256i)v);
}

EDGED_INLINE EDGED_AVX2 edged_lanes_avx2 edged_all_avx2(int32_t value) {
  return (edged_lanes_avx2)_mm256_set1_epi32(value);
}

// Each of two numbers repeated four times.
EDGED_INLINE EDGED_AVX2 edged_lanes_avx2 edged_spread_avx2(const int32_t *from) {
  const __m256i two = _mm256_castsi128_si256(_mm_loadl_epi64((const __m128i *)from));
  return (edged_lanes_avx2)_mm256_permutevar8x32_epi32(two,
                                                       _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1));
}

EDGED_INLINE EDGED_AVX2 edged_lanes_avx2 edged_reversed_avx2(edged_lanes_avx2 v) {
  return (edged_lanes_avx2)_mm256_permutevar8x32_epi32((__m256i)v,
                                                       _mm256_setr_epi32(7, 6, 5, 4, 3, 2, 1, 0));
}

// Groups of four numbers: first those at 0 of `a`, `b`, `c` and `d`, then those at 1.
EDGED_INLINE EDGED_AVX2 void edged_store_groups_avx2(int32_t *to, edged_lanes_avx2 a,
                                                     edged_lanes_avx2 b, edged_lanes_avx2 c,
                                                     edged_lanes_avx2 d) {
  __m256i *const out = (__m256i *)to;
  _mm256_storeu_si256(out, _mm256_permute2x128_si256((__m256i)a, (__m256i)b, 0x20));
  _mm256_storeu_si256(out + 1, _mm256_permute2x128_si256((__m256i)c, (__m256i)d, 0x20));
  _mm256_storeu_si256(out + 2, _mm256_permute2x128_si256((__m256i)a, (__m256i)b, 0x31));
  _mm256_storeu_si256(out + 3, _mm256_permute2x128_si256((__m256i)c, (__m256i)d, 0x31));
}

// Single numbers interleaved as a₀ b₀ c₀ d₀ a₁ …
EDGED_INLINE EDGED_AVX2 void edged_store_mixed_avx2(int32_t *to, edged_lanes_avx2 a,
                                                    edged_lanes_avx2 b, edged_lanes_avx2 c,
                                                    edged_lanes_avx2 d) {
  const __m256i ab = _mm256_unpacklo_epi32((__m256i)a, (__m256i)b);
  const __m256i AB = _mm256_unpackhi_epi32((__m256i)a, (__m256i)b);
  const __m256i cd = _mm256_unpacklo_epi32((__m256i)c, (__m256i)d);
  const __m256i CD = _mm256_unpackhi_epi32((__m256i)c, (__m256i)d);
  edged_store_groups_avx2(to, (edged_lanes_avx2)_mm256_unpacklo_epi64(ab, cd),
                          (edged_lanes_avx2)_mm256_unpackhi_epi64(ab, cd),
                          (edged_lanes_avx2)_mm256_unpacklo_epi64(AB, CD),
                          (edged_lanes_avx2)_mm256_unpackhi_epi64(AB, CD));
}

// Products of 64 bits plus 2³¹: if one factor was doubled, their upper halves are the rounded Q31 products.
EDGED_INLINE EDGED_AVX2 __m256i edged_rounded_product_avx2(__m256i a, __m256i b) {
  return _mm256_add_epi64(_mm256_mul_epi32(a, b), _mm256_set1_epi64x(1ll << 31));
}

EDGED_INLINE EDGED_AVX2 edged_lanes_avx2 edged_upper_avx2(__m256i even, __m256i odd) {
  return (edged_lanes_avx2)_mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xaa);
}

// (x + iy)(u + iv) in Q31, every real product rounded; |x|, |y| < 2³⁰.
EDGED_INLINE EDGED_AVX2 void edged_turn_avx2(edged_lanes_avx2 x, edged_lanes_avx2 y,
                                             edged_lanes_avx2 u, edged_lanes_avx2 v,
                                             edged_lanes_avx2 *real, edged_lanes_avx2 *imaginary) {
  const __m256i X = (__m256i)(x + x), Y = (__m256i)(y + y), U = (__m256i)u, V = (__m256i)v;
  const __m256i oddX = _mm256_srli_epi64(X, 32), oddY = _mm256_srli_epi64(Y, 32);
  const __m256i oddU = _mm256_srli_epi64(U, 32), oddV = _mm256_srli_epi64(V, 32);
  *real = edged_upper_avx2(edged_rounded_product_avx2(X, U),
                           edged_rounded_product_avx2(oddX, oddU)) -
          edged_upper_avx2(edged_rounded_product_avx2(Y, V),
                           edged_rounded_product_avx2(oddY, oddV));
  *imaginary = edged_upper_avx2(edged_rounded_product_avx2(X, V),
                                edged_rounded_product_avx2(oddX, oddV)) +
               edged_upper_avx2(edged_rounded_product_avx2(Y, U),
                                edged_rounded_product_avx2(oddY, oddU));
}

// x² + y² in 64 bits, in forward or reverse order.
EDGED_INLINE EDGED_AVX2 void edged_store_powers_avx2(uint64_t *to, edged_lanes_avx2 x,
                                                     edged_lanes_avx2 y, int is_reversed) {
  const __m256i X = (__m256i)x, Y = (__m256i)y;
  const __m256i oddX = _mm256_srli_epi64(X, 32), oddY = _mm256_srli_epi64(Y, 32);
  const __m256i even = _mm256_add_epi64(_mm256_mul_epi32(X, X), _mm256_mul_epi32(Y, Y));
  const __m256i odd = _mm256_add_epi64(_mm256_mul_epi32(oddX, oddX), _mm256_mul_epi32(oddY, oddY));
  __m256i *const out = (__m256i *)to;
  if (is_reversed) {
    const __m256i low = _mm256_unpacklo_epi64(odd, even), high = _mm256_unpackhi_epi64(odd, even);
    _mm256_storeu_si256(out, _mm256_permute2x128_si256(high, low, 0x31));
    _mm256_storeu_si256(out + 1, _mm256_permute2x128_si256(high, low, 0x20));
  } else {
    const __m256i low = _mm256_unpacklo_epi64(even, odd), high = _mm256_unpackhi_epi64(even, odd);
    _mm256_storeu_si256(out, _mm256_permute2x128_si256(low, high, 0x20));
    _mm256_storeu_si256(out + 1, _mm256_permute2x128_si256(low, high, 0x31));
  }
}

#endif
