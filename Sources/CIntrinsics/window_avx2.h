// Window.swift and Level.swift with AVX2, sixteen samples at a time.
#ifndef EDGED_WINDOW_AVX2_H
#define EDGED_WINDOW_AVX2_H

#include "lanes_avx2.h"

// The bitwise union of the magnitudes of `count` samples, at least 16.
static inline EDGED_AVX2 int32_t edged_magnitudes_avx2(const int16_t *samples, size_t count) {
  __m256i all = _mm256_setzero_si256();
  for (size_t next = 0; next < count; next += 16) {
    const size_t n = next + 16 <= count ? next : count - 16;
    const __m256i v = _mm256_loadu_si256((const __m256i *)(samples + n));
    all = _mm256_or_si256(all, _mm256_xor_si256(v, _mm256_srai_epi16(v, 15)));
  }
  __m128i half = _mm_or_si128(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1));
  half = _mm_or_si128(half, _mm_srli_si128(half, 8));
  half = _mm_or_si128(half, _mm_srli_si128(half, 4));
  half = _mm_or_si128(half, _mm_srli_si128(half, 2));
  return _mm_cvtsi128_si32(half) & 0x7fff;
}

// Applies the window to four pairs of samples, shifted left by one more than the frame's shift: the upper halves of the 64-bit products
// are the result.
EDGED_INLINE EDGED_AVX2 void edged_weigh_avx2(const int16_t *samples, const int32_t *weights,
                                              __m128i shift, __m256i *even, __m256i *odd) {
  const __m256i v = _mm256_sll_epi32(
      _mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i *)samples)), shift);
  const __m256i w = _mm256_loadu_si256((const __m256i *)weights);
  *even = edged_rounded_product_avx2(v, w);
  *odd = edged_rounded_product_avx2(_mm256_srli_epi64(v, 32), _mm256_srli_epi64(w, 32));
}

EDGED_INLINE EDGED_AVX2 __m256i edged_joined_uppers_avx2(__m256i low, __m256i high) {
  const __m256i mixed = _mm256_castps_si256(
      _mm256_shuffle_ps(_mm256_castsi256_ps(low), _mm256_castsi256_ps(high), 0xdd));
  return _mm256_permute4x64_epi64(mixed, _MM_SHUFFLE(3, 1, 2, 0));
}

// Applies the window to `count` samples, an even number of at least 16, shifted left by `shift`: even ones to `real`, odd ones to
// `imaginary`.
static inline EDGED_AVX2 void edged_window_avx2(const int16_t *samples, const int32_t *weights,
                                                size_t count, int32_t shift, int32_t *real,
                                                int32_t *imaginary) {
  const __m128i left = _mm_cvtsi32_si128(shift + 1);
  for (size_t next = 0; next < count; next += 16) {
    const size_t n = next + 16 <= count ? next : count - 16;
    __m256i even[2], odd[2];
    edged_weigh_avx2(samples + n, weights + n, left, &even[0], &odd[0]);
    edged_weigh_avx2(samples + n + 8, weights + n + 8, left, &even[1], &odd[1]);
    _mm256_storeu_si256((__m256i *)(real + n / 2), edged_joined_uppers_avx2(even[0], even[1]));
    _mm256_storeu_si256((__m256i *)(imaginary + n / 2), edged_joined_uppers_avx2(odd[0], odd[1]));
  }
}

// The sum of `count` ≤ 2048 samples and that of their squares. Returns how many were processed: all whole vectors.
static inline EDGED_AVX2 size_t edged_moments_avx2(const int16_t *samples, size_t count,
                                                   int64_t *sum, int64_t *squares) {
  __m256i sums = _mm256_setzero_si256(), wide = _mm256_setzero_si256();
  const __m256i low = _mm256_set1_epi64x(0xffffffff), ones = _mm256_set1_epi16(1);
  size_t n = 0;
  for (; n + 16 <= count; n += 16) {
    const __m256i v = _mm256_loadu_si256((const __m256i *)(samples + n));
    const __m256i pairs = _mm256_madd_epi16(v, v);  // unsigned: up to 2³¹
    sums = _mm256_add_epi32(sums, _mm256_madd_epi16(v, ones));
    wide = _mm256_add_epi64(
        wide, _mm256_add_epi64(_mm256_and_si256(pairs, low), _mm256_srli_epi64(pairs, 32)));
  }
  int32_t eight[8];
  int64_t four[4];
  _mm256_storeu_si256((__m256i *)eight, sums);
  _mm256_storeu_si256((__m256i *)four, wide);
  *sum = *squares = 0;
  for (int i = 0; i < 8; i++) *sum += eight[i];
  for (int i = 0; i < 4; i++) *squares += four[i];
  return n;
}

#endif
