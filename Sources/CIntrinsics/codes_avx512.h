// Operations on codes between products with AVX-512, sixteen at a time in 32 bits: sums of two grids, and conversion between grids. See
// CodeGrids.swift.
#ifndef EDGED_CODES_AVX512_H
#define EDGED_CODES_AVX512_H

#include <immintrin.h>

#include "processor.h"
#include "rescale_avx512.h"

EDGED_INLINE EDGED_AVX512 __mmask16 edged_first_codes_avx512(size_t count) {
  return count < 16 ? (__mmask16)((1u << count) - 1) : (__mmask16)0xffff;
}

EDGED_INLINE EDGED_AVX512 __m512i edged_codes_at_avx512(__mmask16 mask, const int8_t *codes) {
  return _mm512_cvtepi8_epi32(_mm_maskz_loadu_epi8(mask, codes));
}

// ((left − left_zero) · left_scale + (right − right_zero) · right_scale + half) >> shift, plus a zero point, for `count` codes, with
// results of at least `least`. (The zeros and half are combined into one offset: it may wrap, which cancels out if the sum does not.)
static inline EDGED_AVX512 void edged_add_codes_avx512(const int8_t *left, const int8_t *right,
                                                       size_t count, int32_t left_zero,
                                                       int32_t right_zero, int32_t left_scale,
                                                       int32_t right_scale, int32_t shift,
                                                       int32_t zero_point, int32_t least,
                                                       int8_t *codes) {
  const uint32_t offset = (1u << (shift - 1)) - (uint32_t)left_zero * (uint32_t)left_scale -
                          (uint32_t)right_zero * (uint32_t)right_scale;
  const __m512i start = _mm512_set1_epi32((int32_t)offset);
  const __m512i first = _mm512_set1_epi32(left_scale), second = _mm512_set1_epi32(right_scale);
  const __m512i zero = _mm512_set1_epi32(zero_point), floor = _mm512_set1_epi32(least);
  const __m128i right_by = _mm_cvtsi32_si128(shift);
  for (size_t n = 0; n < count; n += 16) {
    const __mmask16 mask = edged_first_codes_avx512(count - n);
    const __m512i l = _mm512_mullo_epi32(edged_codes_at_avx512(mask, left + n), first);
    const __m512i r = _mm512_mullo_epi32(edged_codes_at_avx512(mask, right + n), second);
    const __m512i sum = _mm512_add_epi32(_mm512_add_epi32(l, r), start);
    const __m512i value = _mm512_add_epi32(_mm512_sra_epi32(sum, right_by), zero);
    _mm512_mask_cvtsepi32_storeu_epi8(codes + n, mask, _mm512_max_epi32(value, floor));
  }
}

// Converts `count` codes around `zero` to a grid with another zero point, by one mantissa and shift. Codes have enough spare bits to be
// shifted up so that the upper halves of the products suffice.
static inline EDGED_AVX512 void edged_move_codes_avx512(const int8_t *from, size_t count,
                                                        int32_t zero, int32_t mantissa,
                                                        int32_t shift, int32_t zero_point,
                                                        int8_t *codes) {
  const int32_t left = shift < 33 ? 33 - shift : 0;
  const __m128i left_by = _mm_cvtsi32_si128(left);
  const edged_rescalers_avx512 by =
      edged_rescalers_of_avx512(_mm512_set1_epi32(mantissa), _mm512_set1_epi32(shift + left));
  const __m512i twice = _mm512_set1_epi32(2 * zero_point + 1);
  for (size_t n = 0; n < count; n += 16) {
    const __mmask16 mask = edged_first_codes_avx512(count - n);
    const __m512i value =
        _mm512_sub_epi32(edged_codes_at_avx512(mask, from + n), _mm512_set1_epi32(zero));
    _mm512_mask_cvtsepi32_storeu_epi8(
        codes + n, mask, edged_rescaled_avx512(&by, _mm512_sll_epi32(value, left_by), twice));
  }
}

#endif
