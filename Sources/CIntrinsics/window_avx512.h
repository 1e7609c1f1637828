// Window.swift and Level.swift with AVX-512, 32 samples at a time.
#ifndef EDGED_WINDOW_AVX512_H
#define EDGED_WINDOW_AVX512_H

#include "lanes_avx512.h"

EDGED_INLINE EDGED_WIDE __m512i edged_samples_avx512(const int16_t *samples, size_t count) {
  const __mmask32 mask = count >= 32 ? 0xffffffffu : (1u << count) - 1;
  return _mm512_maskz_loadu_epi16(mask, samples);
}

// The bitwise union of the magnitudes of `count` samples.
static inline EDGED_WIDE int32_t edged_magnitudes_avx512(const int16_t *samples, size_t count) {
  __m512i all = _mm512_setzero_si512();
  for (size_t n = 0; n < count; n += 32) {
    const __m512i v = edged_samples_avx512(samples + n, count - n);
    all = _mm512_or_si512(all, _mm512_xor_si512(v, _mm512_srai_epi16(v, 15)));
  }
  const int32_t pairs = _mm512_reduce_or_epi32(all);
  return (pairs | pairs >> 16) & 0x7fff;
}

// Applies the window to eight pairs of samples, shifted left by one more than the frame's shift: the upper halves of the 64-bit products
// are the result.
EDGED_INLINE EDGED_WIDE void edged_weigh_avx512(__m256i samples, __m512i weights, __m128i shift,
                                                __m512i *even, __m512i *odd) {
  const __m512i v = _mm512_sll_epi32(_mm512_cvtepi16_epi32(samples), shift);
  *even = edged_rounded_product_avx512(v, weights);
  *odd = edged_rounded_product_avx512(_mm512_srli_epi64(v, 32), _mm512_srli_epi64(weights, 32));
}

// Applies the window to `count` samples, an even number, shifted left by `shift`: even ones to `real`, odd ones to `imaginary`.
static inline EDGED_WIDE void edged_window_avx512(const int16_t *samples, const int32_t *weights,
                                                  size_t count, int32_t shift, int32_t *real,
                                                  int32_t *imaginary) {
  const __m128i left = _mm_cvtsi32_si128(shift + 1);
  const __m512i uppers =
      _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
  for (size_t n = 0; n < count; n += 32) {
    const size_t rest = count - n;
    const __mmask16 pairs = rest >= 32 ? 0xffff : (__mmask16)((1u << rest / 2) - 1);
    const __mmask16 first = rest >= 16 ? 0xffff : (__mmask16)((1u << rest) - 1);
    const __mmask16 second =
        rest >= 32 ? 0xffff : rest <= 16 ? 0 : (__mmask16)((1u << (rest - 16)) - 1);
    const __m512i v = edged_samples_avx512(samples + n, rest);
    __m512i even[2], odd[2];
    edged_weigh_avx512(_mm512_castsi512_si256(v), _mm512_maskz_loadu_epi32(first, weights + n),
                       left, &even[0], &odd[0]);
    edged_weigh_avx512(_mm512_extracti64x4_epi64(v, 1),
                       _mm512_maskz_loadu_epi32(second, weights + n + 16), left, &even[1],
                       &odd[1]);
    _mm512_mask_storeu_epi32(real + n / 2, pairs,
                             _mm512_permutex2var_epi32(even[0], uppers, even[1]));
    _mm512_mask_storeu_epi32(imaginary + n / 2, pairs,
                             _mm512_permutex2var_epi32(odd[0], uppers, odd[1]));
  }
}

// The sum of `count` ≤ 2048 samples and that of their squares. Returns how many were processed: all.
static inline EDGED_WIDE size_t edged_moments_avx512(const int16_t *samples, size_t count,
                                                     int64_t *sum, int64_t *squares) {
  __m512i sums = _mm512_setzero_si512(), wide = _mm512_setzero_si512();
  const __m512i low = _mm512_set1_epi64(0xffffffff), ones = _mm512_set1_epi16(1);
  for (size_t n = 0; n < count; n += 32) {
    const __m512i v = edged_samples_avx512(samples + n, count - n);
    const __m512i pairs = _mm512_madd_epi16(v, v);  // unsigned: up to 2³¹
    sums = _mm512_add_epi32(sums, _mm512_madd_epi16(v, ones));
    wide = _mm512_add_epi64(
        wide, _mm512_add_epi64(_mm512_and_si512(pairs, low), _mm512_srli_epi64(pairs, 32)));
  }
  *sum = _mm512_reduce_add_epi32(sums);
  *squares = _mm512_reduce_add_epi64(wide);
  return count;
}

#endif
