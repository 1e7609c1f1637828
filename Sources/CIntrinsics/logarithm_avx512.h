// NaturalLogarithm.swift with AVX-512, eight at a time.
#ifndef EDGED_LOGARITHM_AVX512_H
#define EDGED_LOGARITHM_AVX512_H

#include "totals_avx512.h"

// ln((values[n] + added) · 2^exponents[n]) in Q16; `exponents` may be null. `table` is ln(1 + i/64) in Q30, 65 of them.
static inline EDGED_WIDE void edged_logarithms_avx512(const uint64_t *values, uint64_t added,
                                                      const int32_t *exponents, size_t count,
                                                      const int32_t *table, int32_t *logarithms) {
  const __m512i one = _mm512_set1_epi64(1), low = _mm512_set1_epi64(0xffffffff);
  const __m512i logarithm_of_two = _mm512_set1_epi64(744261118);
  for (size_t n = 0; n < count; n += 8) {
    const __mmask8 mask = edged_first_of_eight(count - n);
    __m512i value = _mm512_add_epi64(_mm512_maskz_loadu_epi64(mask, values + n),
                                     _mm512_set1_epi64((int64_t)added));
    value = _mm512_max_epu64(value, one);
    const __m512i zeros = _mm512_lzcnt_epi64(value);
    const __m512i normalized = _mm512_sllv_epi64(value, zeros);
    const __m512i index = _mm512_and_si512(_mm512_srli_epi64(normalized, 57), _mm512_set1_epi64(63));
    const __m512i fraction =
        _mm512_and_si512(_mm512_srli_epi64(normalized, 26), _mm512_set1_epi64(0x7fffffff));
    const __m512i both = _mm512_i64gather_epi64(index, table, 4);
    const __m512i below = _mm512_and_si512(both, low);
    const __m512i step = _mm512_sub_epi64(_mm512_srli_epi64(both, 32), below);
    const __m512i rounded =
        _mm512_add_epi64(_mm512_mul_epu32(step, fraction), _mm512_set1_epi64(1 << 30));
    const __m512i mantissa = _mm512_add_epi64(below, _mm512_srli_epi64(rounded, 31));
    __m512i power = _mm512_sub_epi64(_mm512_set1_epi64(63), zeros);
    if (exponents)
      power = _mm512_add_epi64(
          power, _mm512_cvtepi32_epi64(_mm256_maskz_loadu_epi32(mask, exponents + n)));
    const __m512i sum = _mm512_add_epi64(_mm512_mul_epi32(power, logarithm_of_two), mantissa);
    const __m512i result =
        _mm512_srai_epi64(_mm512_add_epi64(sum, _mm512_set1_epi64(1 << 13)), 14);
    _mm512_mask_cvtepi64_storeu_epi32(logarithms + n, mask, result);
  }
}

#endif
