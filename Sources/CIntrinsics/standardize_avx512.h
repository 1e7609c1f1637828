// The conversion to int8 of ColumnScales.swift with AVX-512, eight columns at a time: clamp(round((value − mean) · mantissa / 2^shift)).
#ifndef EDGED_STANDARDIZE_AVX512_H
#define EDGED_STANDARDIZE_AVX512_H

#include "totals_avx512.h"

// Returns how many of `count` columns it wrote: all.
static inline EDGED_WIDE size_t edged_standardize_avx512(const int32_t *values,
                                                         const int32_t *means,
                                                         const int32_t *mantissas,
                                                         const int32_t *shifts, size_t count,
                                                         int8_t *codes) {
  const __m512i one = _mm512_set1_epi64(1);
  for (size_t n = 0; n < count; n += 8) {
    const __mmask8 mask = edged_first_of_eight(count - n);
    const __m512i v = _mm512_cvtepi32_epi64(_mm256_sub_epi32(
        _mm256_maskz_loadu_epi32(mask, values + n), _mm256_maskz_loadu_epi32(mask, means + n)));
    const __m512i m = _mm512_cvtepi32_epi64(_mm256_maskz_loadu_epi32(mask, mantissas + n));
    const __m512i s = _mm512_cvtepi32_epi64(_mm256_maskz_loadu_epi32(mask, shifts + n));
    const __m512i half = _mm512_sllv_epi64(one, _mm512_sub_epi64(s, one));
    const __m512i result = _mm512_srav_epi64(_mm512_add_epi64(_mm512_mul_epi32(v, m), half), s);
    _mm512_mask_cvtsepi64_storeu_epi8(codes + n, mask, result);
  }
  return count;
}

#endif
