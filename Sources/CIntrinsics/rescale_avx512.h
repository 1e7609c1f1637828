// (sum · mantissa + 2^(shift−1)) >> shift in 64 bits, kept to 32, with AVX-512.
#ifndef EDGED_RESCALE_AVX512_H
#define EDGED_RESCALE_AVX512_H

#include <immintrin.h>

#include "processor.h"
#include "product_avx512vnni.h"

EDGED_INLINE EDGED_AVX512 __m512i edged_rescale_lanes_avx512(__m512i sums, __m512i mantissas,
                                                             __m512i shifts) {
  const __m512i one = _mm512_set1_epi64(1);
  const __m512i half = _mm512_sllv_epi64(one, _mm512_sub_epi64(shifts, one));
  return _mm512_srav_epi64(_mm512_add_epi64(_mm512_mul_epi32(sums, mantissas), half), shifts);
}

// Sixteen sums. Where all shifts are 33 or more, as requantizations have them, the upper halves of the products are enough: half is a
// multiple of 2³², and what is below cannot carry into it.
EDGED_INLINE EDGED_AVX512 __m512i edged_rescale_sixteen_avx512(__m512i sum, __m512i mantissa,
                                                               __m512i shift) {
  const __m512i odd_sum = _mm512_srli_epi64(sum, 32);
  const __m512i odd_mantissa = _mm512_srli_epi64(mantissa, 32);
  if (__builtin_expect(_mm512_cmplt_epi32_mask(shift, _mm512_set1_epi32(33)) == 0, 1)) {
    const __m512i even = _mm512_mul_epi32(sum, mantissa);
    const __m512i odd = _mm512_mul_epi32(odd_sum, odd_mantissa);
    const __m512i upper = _mm512_mask_shuffle_epi32(odd, 0x5555, even, _MM_PERM_DDBB);
    const __m512i doubled = _mm512_srav_epi32(upper, _mm512_sub_epi32(shift, _mm512_set1_epi32(33)));
    return _mm512_srai_epi32(_mm512_add_epi32(doubled, _mm512_set1_epi32(1)), 1);
  }
  const __m512i low = _mm512_set1_epi64(0xffffffff);
  const __m512i even = edged_rescale_lanes_avx512(sum, mantissa, _mm512_and_si512(shift, low));
  const __m512i odd =
      edged_rescale_lanes_avx512(odd_sum, odd_mantissa, _mm512_srli_epi64(shift, 32));
  return _mm512_mask_blend_epi32(0xaaaa, even, _mm512_slli_epi64(odd, 32));
}

EDGED_INLINE EDGED_AVX512 __m512i edged_rescale_loaded_avx512(const int32_t *sums,
                                                              const int32_t *mantissas,
                                                              const int32_t *shifts) {
  return edged_rescale_sixteen_avx512(_mm512_loadu_si512(sums), _mm512_loadu_si512(mantissas),
                                      _mm512_loadu_si512(shifts));
}

// Rescales `count` sums, a multiple of 16, in place.
static inline EDGED_AVX512 void edged_rescale_avx512(int32_t *sums, const int32_t *mantissas,
                                                     const int32_t *shifts, size_t count) {
  for (size_t n = 0; n < count; n += 16)
    _mm512_storeu_si512(sums + n,
                        edged_rescale_loaded_avx512(sums + n, mantissas + n, shifts + n));
}

// Takes `count` sums to codes, none below `least`. The arrays of 32-bit numbers are padded to a multiple of 16.
static inline EDGED_AVX512 void edged_requantize_avx512(const int32_t *sums,
                                                        const int32_t *mantissas,
                                                        const int32_t *shifts, size_t count,
                                                        int32_t zero_point, int32_t least,
                                                        int8_t *codes) {
  const __m512i zero = _mm512_set1_epi32(zero_point);
  const __m512i floor = _mm512_set1_epi32(least);
  for (size_t n = 0; n < count; n += 16) {
    const __m512i value = _mm512_max_epi32(
        _mm512_add_epi32(edged_rescale_loaded_avx512(sums + n, mantissas + n, shifts + n), zero),
        floor);
    const __mmask16 mask = count - n < 16 ? (__mmask16)((1u << (count - n)) - 1) : (__mmask16)0xffff;
    _mm512_mask_cvtsepi32_storeu_epi8(codes + n, mask, value);
  }
}

#endif
