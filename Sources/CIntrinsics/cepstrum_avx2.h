// FeatureMap.swift's cosine transform with AVX2: 32-bit numbers, 64-bit sums, four rows at a time.
#ifndef EDGED_CEPSTRUM_AVX2_H
#define EDGED_CEPSTRUM_AVX2_H

#include <immintrin.h>

#include "processor.h"
#include "product_avx2.h"

// Adds eight products.
EDGED_INLINE EDGED_AVX2 __m256i edged_eight_products_avx2(__m256i sum, __m256i a, __m256i b,
                                                          __m256i odd_b) {
  sum = _mm256_add_epi64(sum, _mm256_mul_epi32(a, b));
  return _mm256_add_epi64(sum, _mm256_mul_epi32(_mm256_srli_epi64(a, 32), odd_b));
}

// (Σ cosines[row][k] · values[k] + 2²⁹) >> 30 for `rows` rows of `count` numbers.
static inline EDGED_AVX2 void edged_cepstrum_avx2(const int32_t *cosines, const int32_t *values,
                                                  size_t rows, size_t count, int32_t *sums) {
  for (size_t row = 0; row < rows; row += 4) {
    const size_t present = rows - row < 4 ? rows - row : 4;
    const int32_t *at[4];
    __m256i sum[4];
    int64_t four[4];
    for (size_t r = 0; r < 4; r++) {
      at[r] = cosines + (row + (r < present ? r : 0)) * count;
      sum[r] = _mm256_setzero_si256();
    }
    size_t k = 0;
    for (; k + 8 <= count; k += 8) {
      const __m256i v = _mm256_loadu_si256((const __m256i *)(values + k));
      const __m256i odd = _mm256_srli_epi64(v, 32);
#pragma clang loop unroll(full)
      for (int r = 0; r < 4; r++)
        sum[r] = edged_eight_products_avx2(
            sum[r], _mm256_loadu_si256((const __m256i *)(at[r] + k)), v, odd);
    }
    const __m256i first = _mm256_add_epi64(_mm256_unpacklo_epi64(sum[0], sum[1]),
                                           _mm256_unpackhi_epi64(sum[0], sum[1]));
    const __m256i second = _mm256_add_epi64(_mm256_unpacklo_epi64(sum[2], sum[3]),
                                            _mm256_unpackhi_epi64(sum[2], sum[3]));
    const __m256i total = _mm256_add_epi64(_mm256_permute2x128_si256(first, second, 0x20),
                                           _mm256_permute2x128_si256(first, second, 0x31));
    _mm256_storeu_si256((__m256i *)four, total);
    for (size_t r = 0; r < present; r++) {
      int64_t rest = four[r] + (1 << 29);
      for (size_t n = k; n < count; n++) rest += (int64_t)at[r][n] * values[n];
      sums[row + r] = (int32_t)(rest >> 30);
    }
  }
}

#endif
