// What happens to codes between products, eight at a time in 32 bits: sums of two grids, and the way from one grid to another.
#ifndef EDGED_CODES_AVX2_H
#define EDGED_CODES_AVX2_H

#include <immintrin.h>

#include "processor.h"
#include "product_avx2.h"
#include "rescale_avx2.h"

// Sixteen numbers to codes, the first `count` of which are stored.
EDGED_INLINE EDGED_AVX2 void edged_store_codes_avx2(__m256i first, __m256i second, __m128i floor,
                                                    size_t count, int8_t *codes) {
  const __m256i words =
      _mm256_permute4x64_epi64(_mm256_packs_epi32(first, second), _MM_SHUFFLE(3, 1, 2, 0));
  const __m128i bytes = _mm_max_epi8(
      _mm_packs_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1)), floor);
  if (count >= 16)
    _mm_storeu_si128((__m128i *)codes, bytes);
  else
    __builtin_memcpy(codes, &bytes, count);
}

// Sixteen codes, of which the first `count` are read.
EDGED_INLINE EDGED_AVX2 __m128i edged_load_codes_avx2(const int8_t *codes, size_t count) {
  __m128i bytes = _mm_setzero_si128();
  if (count >= 16) return _mm_loadu_si128((const __m128i *)codes);
  __builtin_memcpy(&bytes, codes, count);
  return bytes;
}

// ((left − left_zero) · left_scale + (right − right_zero) · right_scale + half) >> shift, plus a zero point.
EDGED_INLINE EDGED_AVX2 __m256i edged_sum_eight_avx2(__m128i left, __m128i right, int32_t left_zero,
                                                     int32_t right_zero, int32_t left_scale,
                                                     int32_t right_scale, int32_t shift,
                                                     int32_t zero_point) {
  const __m256i first = _mm256_mullo_epi32(
      _mm256_sub_epi32(_mm256_cvtepi8_epi32(left), _mm256_set1_epi32(left_zero)),
      _mm256_set1_epi32(left_scale));
  const __m256i second = _mm256_mullo_epi32(
      _mm256_sub_epi32(_mm256_cvtepi8_epi32(right), _mm256_set1_epi32(right_zero)),
      _mm256_set1_epi32(right_scale));
  const __m256i sum =
      _mm256_add_epi32(_mm256_add_epi32(first, second), _mm256_set1_epi32(1 << (shift - 1)));
  return _mm256_add_epi32(_mm256_sra_epi32(sum, _mm_cvtsi32_si128(shift)),
                          _mm256_set1_epi32(zero_point));
}

// Adds `count` codes to as many others; none of the result is below `least`.
static inline EDGED_AVX2 void edged_add_codes_avx2(const int8_t *left, const int8_t *right,
                                                   size_t count, int32_t left_zero,
                                                   int32_t right_zero, int32_t left_scale,
                                                   int32_t right_scale, int32_t shift,
                                                   int32_t zero_point, int32_t least,
                                                   int8_t *codes) {
  const __m128i floor = _mm_set1_epi8((char)least);
  for (size_t n = 0; n < count; n += 16) {
    const __m128i l = edged_load_codes_avx2(left + n, count - n);
    const __m128i r = edged_load_codes_avx2(right + n, count - n);
    edged_store_codes_avx2(
        edged_sum_eight_avx2(l, r, left_zero, right_zero, left_scale, right_scale, shift,
                             zero_point),
        edged_sum_eight_avx2(_mm_srli_si128(l, 8), _mm_srli_si128(r, 8), left_zero, right_zero,
                             left_scale, right_scale, shift, zero_point),
        floor, count - n, codes + n);
  }
}

// Takes `count` codes around `zero` to the grid of another zero point, by one mantissa and shift.
static inline EDGED_AVX2 void edged_move_codes_avx2(const int8_t *from, size_t count, int32_t zero,
                                                    int32_t mantissa, int32_t shift,
                                                    int32_t zero_point, int8_t *codes) {
  const __m256i mantissas = _mm256_set1_epi32(mantissa);
  const __m256i shifts = _mm256_set1_epi32(shift);
  const __m256i zeros = _mm256_set1_epi32(zero);
  const __m256i offset = _mm256_set1_epi32(zero_point);
  const __m128i floor = _mm_set1_epi8(-128);
  for (size_t n = 0; n < count; n += 16) {
    const __m128i bytes = edged_load_codes_avx2(from + n, count - n);
    const __m256i first = _mm256_sub_epi32(_mm256_cvtepi8_epi32(bytes), zeros);
    const __m256i second =
        _mm256_sub_epi32(_mm256_cvtepi8_epi32(_mm_srli_si128(bytes, 8)), zeros);
    edged_store_codes_avx2(
        _mm256_add_epi32(edged_rescale_eight_avx2(first, mantissas, shifts), offset),
        _mm256_add_epi32(edged_rescale_eight_avx2(second, mantissas, shifts), offset), floor,
        count - n, codes + n);
  }
}

#endif
