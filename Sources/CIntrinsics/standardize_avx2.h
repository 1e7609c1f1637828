// The conversion to int8 of ColumnScales.swift with AVX2, eight columns at a time: clamp(round((value − mean) · mantissa / 2^shift)).
#ifndef EDGED_STANDARDIZE_AVX2_H
#define EDGED_STANDARDIZE_AVX2_H

#include "rescale_avx2.h"

EDGED_INLINE EDGED_AVX2 __m256i edged_int8_range_avx2(__m256i v) {
  const __m256i most = _mm256_set1_epi64x(127), least = _mm256_set1_epi64x(-128);
  v = _mm256_blendv_epi8(v, most, _mm256_cmpgt_epi64(v, most));
  return _mm256_blendv_epi8(v, least, _mm256_cmpgt_epi64(least, v));
}

// Returns how many of `count` columns it wrote: all whole vectors.
static inline EDGED_AVX2 size_t edged_standardize_avx2(const int32_t *values, const int32_t *means,
                                                       const int32_t *mantissas,
                                                       const int32_t *shifts, size_t count,
                                                       int8_t *codes) {
  const __m256i low = _mm256_set1_epi64x(0xffffffff);
  size_t n = 0;
  for (; n + 8 <= count; n += 8) {
    const __m256i v = _mm256_sub_epi32(_mm256_loadu_si256((const __m256i *)(values + n)),
                                       _mm256_loadu_si256((const __m256i *)(means + n)));
    const __m256i m = _mm256_loadu_si256((const __m256i *)(mantissas + n));
    const __m256i s = _mm256_loadu_si256((const __m256i *)(shifts + n));
    const __m256i even = edged_int8_range_avx2(
        edged_rescale_lanes_avx2(v, m, _mm256_and_si256(s, low)));
    const __m256i odd = edged_int8_range_avx2(edged_rescale_lanes_avx2(
        _mm256_srli_epi64(v, 32), _mm256_srli_epi64(m, 32), _mm256_srli_epi64(s, 32)));
    const __m256i both = _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xaa);
    const __m128i words =
        _mm_packs_epi32(_mm256_castsi256_si128(both), _mm256_extracti128_si256(both, 1));
    _mm_storel_epi64((__m128i *)(codes + n), _mm_packs_epi16(words, words));
  }
  return n;
}

#endif
