// FeatureMap.swift's cosine transform with AVX-512: 32-bit numbers, 64-bit sums, eight rows at a time.
#ifndef EDGED_CEPSTRUM_AVX512_H
#define EDGED_CEPSTRUM_AVX512_H

#include "totals_avx512.h"

// (Σ cosines[row][k] · values[k] + 2²⁹) >> 30 for `rows` rows of `count` numbers.
static inline EDGED_WIDE void edged_cepstrum_avx512(const int32_t *cosines, const int32_t *values,
                                                    size_t rows, size_t count, int32_t *sums) {
  for (size_t row = 0; row < rows; row += 8) {
    const size_t present = rows - row < 8 ? rows - row : 8;
    const int32_t *at[8];
    __m512i sum[8];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < 8; r++) {
      at[r] = cosines + (row + (r < present ? r : 0)) * count;
      sum[r] = _mm512_setzero_si512();
    }
    for (size_t k = 0; k < count; k += 16) {
      const __mmask16 mask = count - k >= 16 ? 0xffff : (__mmask16)((1u << (count - k)) - 1);
      const __m512i v = _mm512_maskz_loadu_epi32(mask, values + k);
      const __m512i odd = _mm512_srli_epi64(v, 32);
#pragma clang loop unroll(full)
      for (int r = 0; r < 8; r++) {
        const __m512i w = _mm512_maskz_loadu_epi32(mask, at[r] + k);
        sum[r] = _mm512_add_epi64(sum[r], _mm512_mul_epi32(w, v));
        sum[r] = _mm512_add_epi64(sum[r], _mm512_mul_epi32(_mm512_srli_epi64(w, 32), odd));
      }
    }
    const __m512i total = _mm512_add_epi64(edged_totals_avx512(sum), _mm512_set1_epi64(1 << 29));
    _mm512_mask_cvtepi64_storeu_epi32(sums + row, (__mmask8)((1u << present) - 1),
                                      _mm512_srai_epi64(total, 30));
  }
}

#endif
