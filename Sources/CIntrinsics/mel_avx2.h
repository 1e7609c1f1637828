// MelBank.swift's sums with AVX2, four bins at a time.
#ifndef EDGED_MEL_AVX2_H
#define EDGED_MEL_AVX2_H

#include <immintrin.h>

#include "processor.h"
#include "product_avx2.h"

EDGED_INLINE EDGED_AVX2 uint64_t edged_union_avx2(__m256i v) {
  const __m128i half = _mm_or_si128(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
  return (uint64_t)(_mm_cvtsi128_si64(half) | _mm_extract_epi64(half, 1));
}

EDGED_INLINE EDGED_AVX2 uint64_t edged_total_avx2(__m256i v) {
  const __m128i half = _mm_add_epi64(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
  return (uint64_t)_mm_cvtsi128_si64(half) + (uint64_t)_mm_extract_epi64(half, 1);
}

// Σ weights[k] · (bins[k] >> excess), where `excess` is the number of bits by which the largest bin exceeds 32.
static inline EDGED_AVX2 uint64_t edged_mel_sum_avx2(const uint64_t *bins, const uint16_t *weights,
                                                     size_t count, int32_t *excess) {
  __m256i all = _mm256_setzero_si256();
  uint64_t rest = 0;
  size_t k = 0;
  for (; k + 4 <= count; k += 4)
    all = _mm256_or_si256(all, _mm256_loadu_si256((const __m256i *)(bins + k)));
  for (size_t n = k; n < count; n++) rest |= bins[n];
  const uint64_t bits = edged_union_avx2(all) | rest;
  const int excess_bits = bits >> 32 ? 32 - __builtin_clzll(bits) : 0;
  const __m128i shift = _mm_cvtsi32_si128(excess_bits);
  __m256i sums = _mm256_setzero_si256();
  for (k = 0; k + 4 <= count; k += 4) {
    const __m256i v =
        _mm256_srl_epi64(_mm256_loadu_si256((const __m256i *)(bins + k)), shift);
    const __m256i w = _mm256_cvtepu16_epi64(_mm_loadl_epi64((const __m128i *)(weights + k)));
    sums = _mm256_add_epi64(sums, _mm256_mul_epu32(v, w));
  }
  uint64_t sum = edged_total_avx2(sums);
  for (; k < count; k++) sum += (bins[k] >> excess_bits) * weights[k];
  *excess = excess_bits;
  return sum;
}

#endif
