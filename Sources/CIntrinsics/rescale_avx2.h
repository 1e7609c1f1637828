// (sum · mantissa + 2^(shift−1)) >> shift in 64 bits, truncated to 32, with AVX2, which has no arithmetic shift of 64-bit numbers: 2⁶³ is
// added before a logical shift and compensated afterwards.
#ifndef EDGED_RESCALE_AVX2_H
#define EDGED_RESCALE_AVX2_H

#include <immintrin.h>

#include "processor.h"
#include "product_avx2.h"

// Four 64-bit results from the low halves of 64-bit lanes.
EDGED_INLINE EDGED_AVX2 __m256i edged_rescale_lanes_avx2(__m256i sums, __m256i mantissas,
                                                         __m256i shifts) {
  const __m256i one = _mm256_set1_epi64x(1);
  const __m256i top = _mm256_set1_epi64x(INT64_MIN);
  const __m256i half = _mm256_sllv_epi64(one, _mm256_sub_epi64(shifts, one));
  const __m256i product = _mm256_add_epi64(_mm256_mul_epi32(sums, mantissas), half);
  return _mm256_sub_epi64(_mm256_srlv_epi64(_mm256_xor_si256(product, top), shifts),
                          _mm256_srlv_epi64(top, shifts));
}

EDGED_INLINE EDGED_AVX2 __m256i edged_rescale_eight_avx2(__m256i sums, __m256i mantissas,
                                                         __m256i shifts) {
  const __m256i low = _mm256_set1_epi64x(0xffffffff);
  const __m256i even = edged_rescale_lanes_avx2(sums, mantissas, _mm256_and_si256(shifts, low));
  const __m256i odd = edged_rescale_lanes_avx2(_mm256_srli_epi64(sums, 32),
                                               _mm256_srli_epi64(mantissas, 32),
                                               _mm256_srli_epi64(shifts, 32));
  return _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xaa);
}

EDGED_INLINE EDGED_AVX2 __m256i edged_eight_at_avx2(const int32_t *numbers) {
  return _mm256_loadu_si256((const __m256i *)numbers);
}

// Sixteen 32-bit numbers, saturated to codes.
EDGED_INLINE EDGED_AVX2 __m128i edged_codes_avx2(__m256i first, __m256i second) {
  const __m256i words =
      _mm256_permute4x64_epi64(_mm256_packs_epi32(first, second), _MM_SHUFFLE(3, 1, 2, 0));
  return _mm_packs_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
}

// Rescales `rows` rows of `count` sums, a multiple of 16, in place.
static inline EDGED_AVX2 void edged_rescale_avx2(int32_t *sums, size_t rows,
                                                 const int32_t *mantissas, const int32_t *shifts,
                                                 size_t count) {
  for (size_t n = 0; n < count; n += 8) {
    const __m256i mantissa = edged_eight_at_avx2(mantissas + n);
    const __m256i shift = edged_eight_at_avx2(shifts + n);
    for (size_t t = 0; t < rows; t++) {
      int32_t *const at = sums + t * count + n;
      _mm256_storeu_si256((__m256i *)at,
                          edged_rescale_eight_avx2(edged_eight_at_avx2(at), mantissa, shift));
    }
  }
}

// Converts `rows` rows of sums, each padded to a multiple of 16 like the other arrays of 32-bit numbers, to dense rows of `count` codes
// of at least `least`.
static inline EDGED_AVX2 void edged_requantize_avx2(const int32_t *sums, size_t rows,
                                                    const int32_t *mantissas,
                                                    const int32_t *shifts, size_t count,
                                                    int32_t zero_point, int32_t least,
                                                    int8_t *codes) {
  const __m256i zero = _mm256_set1_epi32(zero_point);
  const __m128i floor = _mm_set1_epi8((char)least);
  const size_t padded = (count + 15) & ~(size_t)15;
  for (size_t n = 0; n < count; n += 16) {
    __m256i mantissa[2], shift[2], value[2];
#pragma clang loop unroll(full)
    for (int half = 0; half < 2; half++) {
      mantissa[half] = edged_eight_at_avx2(mantissas + n + 8 * half);
      shift[half] = edged_eight_at_avx2(shifts + n + 8 * half);
    }
    for (size_t t = 0; t < rows; t++) {
#pragma clang loop unroll(full)
      for (int half = 0; half < 2; half++)
        value[half] = _mm256_add_epi32(
            edged_rescale_eight_avx2(edged_eight_at_avx2(sums + t * padded + n + 8 * half),
                                     mantissa[half], shift[half]),
            zero);
      const __m128i sixteen = _mm_max_epi8(edged_codes_avx2(value[0], value[1]), floor);
      int8_t *const to = codes + t * count + n;
      if (n + 16 <= count)
        _mm_storeu_si128((__m128i *)to, sixteen);
      else
        __builtin_memcpy(to, &sixteen, count - n);
    }
  }
}

#endif
