// (sum · mantissa + 2^(shift−1)) >> shift in 64 bits, truncated to 32, with AVX-512.
#ifndef EDGED_RESCALE_AVX512_H
#define EDGED_RESCALE_AVX512_H

#include <immintrin.h>

#include "processor.h"
#include "product_avx512vnni.h"

// How sixteen sums are rescaled. If all shifts are 33 or more, as in requantization, the upper halves of the products suffice: half is a
// multiple of 2³², and the bits below cannot carry into it.
typedef struct {
  __m512i mantissa, odd_mantissa, shift, beyond_33;
  bool upper_is_enough;
} edged_rescalers_avx512;

EDGED_INLINE EDGED_AVX512 edged_rescalers_avx512 edged_rescalers_of_avx512(__m512i mantissa,
                                                                           __m512i shift) {
  const __m512i least = _mm512_set1_epi32(33);
  return (edged_rescalers_avx512){mantissa, _mm512_srli_epi64(mantissa, 32), shift,
                                  _mm512_sub_epi32(shift, least),
                                  _mm512_cmplt_epi32_mask(shift, least) == 0};
}

EDGED_INLINE EDGED_AVX512 __m512i edged_rescale_lanes_avx512(__m512i sums, __m512i mantissas,
                                                             __m512i shifts) {
  const __m512i one = _mm512_set1_epi64(1);
  const __m512i half = _mm512_sllv_epi64(one, _mm512_sub_epi64(shifts, one));
  return _mm512_srav_epi64(_mm512_add_epi64(_mm512_mul_epi32(sums, mantissas), half), shifts);
}

// Sixteen sums, with half of `twice`, an odd number, added to each, rounded down.
EDGED_INLINE EDGED_AVX512 __m512i edged_rescaled_avx512(const edged_rescalers_avx512 *by,
                                                        __m512i sum, __m512i twice) {
  const __m512i odd_sum = _mm512_srli_epi64(sum, 32);
  if (__builtin_expect(by->upper_is_enough, 1)) {
    const __m512i even = _mm512_mul_epi32(sum, by->mantissa);
    const __m512i odd = _mm512_mul_epi32(odd_sum, by->odd_mantissa);
    const __m512i upper = _mm512_mask_shuffle_epi32(odd, 0x5555, even, _MM_PERM_DDBB);
    const __m512i doubled = _mm512_srav_epi32(upper, by->beyond_33);
    return _mm512_srai_epi32(_mm512_add_epi32(doubled, twice), 1);
  }
  const __m512i low = _mm512_set1_epi64(0xffffffff);
  const __m512i even =
      edged_rescale_lanes_avx512(sum, by->mantissa, _mm512_and_si512(by->shift, low));
  const __m512i odd =
      edged_rescale_lanes_avx512(odd_sum, by->odd_mantissa, _mm512_srli_epi64(by->shift, 32));
  return _mm512_add_epi32(_mm512_mask_blend_epi32(0xaaaa, even, _mm512_slli_epi64(odd, 32)),
                          _mm512_srai_epi32(twice, 1));
}

EDGED_INLINE EDGED_AVX512 edged_rescalers_avx512 edged_rescalers_at_avx512(
    const int32_t *mantissas, const int32_t *shifts) {
  return edged_rescalers_of_avx512(_mm512_loadu_si512(mantissas), _mm512_loadu_si512(shifts));
}

// Rescales `rows` rows of `count` sums, a multiple of 16, in place.
static inline EDGED_AVX512 void edged_rescale_avx512(int32_t *sums, size_t rows,
                                                     const int32_t *mantissas,
                                                     const int32_t *shifts, size_t count) {
  const __m512i one = _mm512_set1_epi32(1);
  for (size_t n = 0; n < count; n += 16) {
    const edged_rescalers_avx512 by = edged_rescalers_at_avx512(mantissas + n, shifts + n);
    for (size_t t = 0; t < rows; t++) {
      int32_t *const at = sums + t * count + n;
      _mm512_storeu_si512(at, edged_rescaled_avx512(&by, _mm512_loadu_si512(at), one));
    }
  }
}

// Converts `rows` rows of sums, each padded to a multiple of 16 like the other arrays of 32-bit numbers, to dense rows of `count` codes
// of at least `least`.
static inline EDGED_AVX512 void edged_requantize_avx512(const int32_t *sums, size_t rows,
                                                        const int32_t *mantissas,
                                                        const int32_t *shifts, size_t count,
                                                        int32_t zero_point, int32_t least,
                                                        int8_t *codes) {
  const __m512i twice = _mm512_set1_epi32(2 * zero_point + 1);
  const __m512i floor = _mm512_set1_epi32(least);
  const size_t padded = (count + 15) & ~(size_t)15;
  for (size_t n = 0; n < count; n += 16) {
    const edged_rescalers_avx512 by = edged_rescalers_at_avx512(mantissas + n, shifts + n);
    const __mmask16 mask = count - n < 16 ? (__mmask16)((1u << (count - n)) - 1) : (__mmask16)0xffff;
    for (size_t t = 0; t < rows; t++) {
      const __m512i value = _mm512_max_epi32(
          edged_rescaled_avx512(&by, _mm512_loadu_si512(sums + t * padded + n), twice), floor);
      _mm512_mask_cvtsepi32_storeu_epi8(codes + t * count + n, mask, value);
    }
  }
}

#endif
