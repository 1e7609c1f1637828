// AutocorrelationMap.swift's product with AVX2: values of up to 2²⁰ in two parts of 8 and 13 bits, so that VPMADDWD multiplies them.
#ifndef EDGED_CORRELATION_AVX2_H
#define EDGED_CORRELATION_AVX2_H

#include "mel_avx2.h"

// Splits `count` values, a multiple of 16, into v >> 13 and v & 8191.
static inline EDGED_AVX2 void edged_split_avx2(const int32_t *values, size_t count, int16_t *high,
                                               int16_t *low) {
  const __m256i mask = _mm256_set1_epi32(8191);
  for (size_t n = 0; n < count; n += 16) {
    const __m256i a = _mm256_loadu_si256((const __m256i *)(values + n));
    const __m256i b = _mm256_loadu_si256((const __m256i *)(values + n + 8));
    const __m256i lows = _mm256_packs_epi32(_mm256_and_si256(a, mask), _mm256_and_si256(b, mask));
    const __m256i highs = _mm256_packs_epi32(_mm256_srli_epi32(a, 13), _mm256_srli_epi32(b, 13));
    _mm256_storeu_si256((__m256i *)(low + n), _mm256_permute4x64_epi64(lows, 0xd8));
    _mm256_storeu_si256((__m256i *)(high + n), _mm256_permute4x64_epi64(highs, 0xd8));
  }
}

EDGED_INLINE EDGED_AVX2 __m256i edged_widened_sum_avx2(__m256i v) {
  return _mm256_add_epi64(_mm256_cvtepi32_epi64(_mm256_castsi256_si128(v)),
                          _mm256_cvtepi32_epi64(_mm256_extracti128_si256(v, 1)));
}

// Σ cosines[n] · (high[n] · 8192 + low[n]) over `count` numbers, a multiple of 16.
static inline EDGED_AVX2 int64_t edged_correlation_avx2(const int16_t *cosines, const int16_t *high,
                                                        const int16_t *low, size_t count) {
  __m256i highs = _mm256_setzero_si256(), wide = _mm256_setzero_si256();
  for (size_t n = 0; n < count;) {
    // Eight products of 13 and 15 bits, four times two, fit in 32 bits.
    const size_t end = count - n > 64 ? n + 64 : count;
    __m256i lows = _mm256_setzero_si256();
    for (; n < end; n += 16) {
      const __m256i w = _mm256_loadu_si256((const __m256i *)(cosines + n));
      highs = _mm256_add_epi32(
          highs, _mm256_madd_epi16(w, _mm256_loadu_si256((const __m256i *)(high + n))));
      lows = _mm256_add_epi32(
          lows, _mm256_madd_epi16(w, _mm256_loadu_si256((const __m256i *)(low + n))));
    }
    wide = _mm256_add_epi64(wide, edged_widened_sum_avx2(lows));
  }
  wide = _mm256_add_epi64(wide, _mm256_slli_epi64(edged_widened_sum_avx2(highs), 13));
  return (int64_t)edged_total_avx2(wide);
}

#endif
