// MelBank.swift's sums with AVX-512, eight bins at a time and eight bands together.
#ifndef EDGED_MEL_AVX512_H
#define EDGED_MEL_AVX512_H

#include "totals_avx512.h"

enum { edged_mel_band_size = 5 };  // numbers of a `MelBand`: first bin, bins, first weight, floor, offset

// For each of `count` bands Σ weights[k] · (bins[k] >> excess), where `excess` is the number of bits by which its largest bin exceeds 32,
// and `exponent` + excess. `sums` and `exponents` have room for a multiple of 8.
static inline EDGED_WIDE void edged_mel_sums_avx512(const uint64_t *power, const uint16_t *weights,
                                                    const int32_t *bands, size_t count,
                                                    int32_t exponent, uint64_t *sums,
                                                    int32_t *exponents) {
  for (size_t band = 0; band < count; band += 8) {
    const uint64_t *bins[8];
    const uint16_t *weight[8];
    size_t width[8];
    __mmask8 mask[8];  // of what is left behind the last whole vector
    __m512i all[8], sum[8];
#pragma clang loop unroll(full)
    for (size_t b = 0; b < 8; b++) {
      const int32_t *const at = bands + edged_mel_band_size * (band + b < count ? band + b : band);
      bins[b] = power + at[0];
      width[b] = (size_t)at[1];
      weight[b] = weights + at[2];
      all[b] = _mm512_setzero_si512();
      size_t k = 0;
      for (; k + 8 <= width[b]; k += 8)
        all[b] = _mm512_or_si512(all[b], _mm512_loadu_si512(bins[b] + k));
      mask[b] = (__mmask8)((1u << (width[b] - k)) - 1);
      all[b] = _mm512_or_si512(all[b], _mm512_maskz_loadu_epi64(mask[b], bins[b] + k));
    }
    const __m512i zeros = _mm512_lzcnt_epi64(edged_unions_avx512(all));
    const __m512i thirty_two = _mm512_set1_epi64(32);
    const __m512i excess = _mm512_sub_epi64(thirty_two, _mm512_min_epi64(zeros, thirty_two));
#pragma clang loop unroll(full)
    for (size_t b = 0; b < 8; b++) {
      const __m512i shift = _mm512_permutexvar_epi64(_mm512_set1_epi64((int64_t)b), excess);
      sum[b] = _mm512_setzero_si512();
      size_t k = 0;
      for (; k + 8 <= width[b]; k += 8) {
        const __m512i v = _mm512_srlv_epi64(_mm512_loadu_si512(bins[b] + k), shift);
        const __m512i w =
            _mm512_cvtepu16_epi64(_mm_loadu_si128((const __m128i *)(weight[b] + k)));
        sum[b] = _mm512_add_epi64(sum[b], _mm512_mul_epu32(v, w));
      }
      const __m512i v =
          _mm512_srlv_epi64(_mm512_maskz_loadu_epi64(mask[b], bins[b] + k), shift);
      const __m512i w = _mm512_cvtepu16_epi64(_mm_maskz_loadu_epi16(mask[b], weight[b] + k));
      sum[b] = _mm512_add_epi64(sum[b], _mm512_mul_epu32(v, w));
    }
    _mm512_storeu_si512(sums + band, edged_totals_avx512(sum));
    _mm256_storeu_si256(
        (__m256i *)(exponents + band),
        _mm256_add_epi32(_mm512_cvtepi64_epi32(excess), _mm256_set1_epi32(exponent)));
  }
}

#endif
