// Sixteen 32-bit numbers at a time: the primitives of `transform_template.h`, for AVX-512.
#ifndef EDGED_LANES_AVX512_H
#define EDGED_LANES_AVX512_H

#include <immintrin.h>

#include "processor.h"

#define EDGED_WIDE __attribute__((target("avx2,avx512f,avx512bw,avx512vl,avx512dq,avx512cd")))

typedef int32_t edged_lanes_avx512 __attribute__((vector_size(64)));

EDGED_INLINE EDGED_WIDE edged_lanes_avx512 edged_load_avx512(const int32_t *from) {
  return (edged_lanes_avx512)_mm512_loadu_si512(from);
}

EDGED_INLINE EDGED_WIDE void edged_store_avx512(int32_t *to, edged_lanes_avx512 v) {
  _mm512_storeu_si512(to, (__m512i)v);
}

EDGED_INLINE EDGED_WIDE edged_lanes_avx512 edged_all_avx512(int32_t value) {
  return (edged_lanes_avx512)_mm512_set1_epi32(value);
}

// Each of four numbers repeated four times.
EDGED_INLINE EDGED_WIDE edged_lanes_avx512 edged_spread_avx512(const int32_t *from) {
  const __m512i four = _mm512_castsi128_si512(_mm_loadu_si128((const __m128i *)from));
  const __m512i places = _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
  return (edged_lanes_avx512)_mm512_permutexvar_epi32(places, four);
}

EDGED_INLINE EDGED_WIDE edged_lanes_avx512 edged_reversed_avx512(edged_lanes_avx512 v) {
  const __m512i places = _mm512_setr_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  return (edged_lanes_avx512)_mm512_permutexvar_epi32(places, (__m512i)v);
}

// Groups of four numbers: first those at 0 of `a`, `b`, `c` and `d`, then those at 1, 2 and 3.
EDGED_INLINE EDGED_WIDE void edged_store_groups_avx512(int32_t *to, edged_lanes_avx512 a,
                                                       edged_lanes_avx512 b, edged_lanes_avx512 c,
                                                       edged_lanes_avx512 d) {
  const __m512i ab = _mm512_shuffle_i32x4((__m512i)a, (__m512i)b, 0x44);
  const __m512i cd = _mm512_shuffle_i32x4((__m512i)c, (__m512i)d, 0x44);
  const __m512i AB = _mm512_shuffle_i32x4((__m512i)a, (__m512i)b, 0xee);
  const __m512i CD = _mm512_shuffle_i32x4((__m512i)c, (__m512i)d, 0xee);
  _mm512_storeu_si512(to, _mm512_shuffle_i32x4(ab, cd, 0x88));
  _mm512_storeu_si512(to + 16, _mm512_shuffle_i32x4(ab, cd, 0xdd));
  _mm512_storeu_si512(to + 32, _mm512_shuffle_i32x4(AB, CD, 0x88));
  _mm512_storeu_si512(to + 48, _mm512_shuffle_i32x4(AB, CD, 0xdd));
}

// Single numbers interleaved as a₀ b₀ c₀ d₀ a₁ …
EDGED_INLINE EDGED_WIDE void edged_store_mixed_avx512(int32_t *to, edged_lanes_avx512 a,
                                                      edged_lanes_avx512 b, edged_lanes_avx512 c,
                                                      edged_lanes_avx512 d) {
  const __m512i ab = _mm512_unpacklo_epi32((__m512i)a, (__m512i)b);
  const __m512i AB = _mm512_unpackhi_epi32((__m512i)a, (__m512i)b);
  const __m512i cd = _mm512_unpacklo_epi32((__m512i)c, (__m512i)d);
  const __m512i CD = _mm512_unpackhi_epi32((__m512i)c, (__m512i)d);
  edged_store_groups_avx512(to, (edged_lanes_avx512)_mm512_unpacklo_epi64(ab, cd),
                            (edged_lanes_avx512)_mm512_unpackhi_epi64(ab, cd),
                            (edged_lanes_avx512)_mm512_unpacklo_epi64(AB, CD),
                            (edged_lanes_avx512)_mm512_unpackhi_epi64(AB, CD));
}

// Products of 64 bits plus 2³¹: if one factor was doubled, their upper halves are the rounded Q31 products.
EDGED_INLINE EDGED_WIDE __m512i edged_rounded_product_avx512(__m512i a, __m512i b) {
  return _mm512_add_epi64(_mm512_mul_epi32(a, b), _mm512_set1_epi64(1ll << 31));
}

EDGED_INLINE EDGED_WIDE edged_lanes_avx512 edged_upper_avx512(__m512i even, __m512i odd) {
  return (edged_lanes_avx512)_mm512_mask_shuffle_epi32(odd, 0x5555, even, _MM_PERM_DDBB);
}

// (x + iy)(u + iv) in Q31, every real product rounded; |x|, |y| < 2³⁰.
EDGED_INLINE EDGED_WIDE void edged_turn_avx512(edged_lanes_avx512 x, edged_lanes_avx512 y,
                                               edged_lanes_avx512 u, edged_lanes_avx512 v,
                                               edged_lanes_avx512 *real,
                                               edged_lanes_avx512 *imaginary) {
  const __m512i X = (__m512i)(x + x), Y = (__m512i)(y + y), U = (__m512i)u, V = (__m512i)v;
  const __m512i oddX = _mm512_srli_epi64(X, 32), oddY = _mm512_srli_epi64(Y, 32);
  const __m512i oddU = _mm512_srli_epi64(U, 32), oddV = _mm512_srli_epi64(V, 32);
  *real = edged_upper_avx512(edged_rounded_product_avx512(X, U),
                             edged_rounded_product_avx512(oddX, oddU)) -
          edged_upper_avx512(edged_rounded_product_avx512(Y, V),
                             edged_rounded_product_avx512(oddY, oddV));
  *imaginary = edged_upper_avx512(edged_rounded_product_avx512(X, V),
                                  edged_rounded_product_avx512(oddX, oddV)) +
               edged_upper_avx512(edged_rounded_product_avx512(Y, U),
                                  edged_rounded_product_avx512(oddY, oddU));
}

// x² + y² in 64 bits, in forward or reverse order.
EDGED_INLINE EDGED_WIDE void edged_store_powers_avx512(uint64_t *to, edged_lanes_avx512 x,
                                                       edged_lanes_avx512 y, int is_reversed) {
  const __m512i X = (__m512i)x, Y = (__m512i)y;
  const __m512i oddX = _mm512_srli_epi64(X, 32), oddY = _mm512_srli_epi64(Y, 32);
  const __m512i even = _mm512_add_epi64(_mm512_mul_epi32(X, X), _mm512_mul_epi32(Y, Y));
  const __m512i odd = _mm512_add_epi64(_mm512_mul_epi32(oddX, oddX), _mm512_mul_epi32(oddY, oddY));
  const __m512i low = is_reversed ? _mm512_setr_epi64(15, 7, 14, 6, 13, 5, 12, 4)
                                  : _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11);
  const __m512i high = is_reversed ? _mm512_setr_epi64(11, 3, 10, 2, 9, 1, 8, 0)
                                   : _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15);
  _mm512_storeu_si512(to, _mm512_permutex2var_epi64(even, low, odd));
  _mm512_storeu_si512(to + 8, _mm512_permutex2var_epi64(even, high, odd));
}

#endif
