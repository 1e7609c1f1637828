// Operations on codes between products, eight at a time in 32 bits: sums of two grids, and conversion between grids. Whole groups of
// sixteen are processed in a loop without calls; the rest goes through copies, so that nothing is read or written past the end.
#ifndef EDGED_CODES_AVX2_H
#define EDGED_CODES_AVX2_H

#include <immintrin.h>

#include "processor.h"
#include "product_avx2.h"
#include "rescale_avx2.h"

// Constants for adding two grids: both scales, everything that is added before the shift, and what follows it.
typedef struct {
  __m256i left_scale, right_scale, offset, zero_point;
  __m128i shift, floor;
} edged_sum_avx2;

// (left · left_scale + right · right_scale + offset) >> shift, plus a zero point, of eight codes.
EDGED_INLINE EDGED_AVX2 __m256i edged_sum_eight_avx2(const edged_sum_avx2 *by, __m128i left,
                                                     __m128i right) {
  const __m256i first = _mm256_mullo_epi32(_mm256_cvtepi8_epi32(left), by->left_scale);
  const __m256i second = _mm256_mullo_epi32(_mm256_cvtepi8_epi32(right), by->right_scale);
  const __m256i sum = _mm256_add_epi32(_mm256_add_epi32(first, second), by->offset);
  return _mm256_add_epi32(_mm256_sra_epi32(sum, by->shift), by->zero_point);
}

EDGED_INLINE EDGED_AVX2 void edged_sum_sixteen_avx2(const edged_sum_avx2 *by, const int8_t *left,
                                                    const int8_t *right, int8_t *codes) {
  const __m128i l = _mm_loadu_si128((const __m128i *)left);
  const __m128i r = _mm_loadu_si128((const __m128i *)right);
  const __m256i first = edged_sum_eight_avx2(by, l, r);
  const __m256i second = edged_sum_eight_avx2(by, _mm_srli_si128(l, 8), _mm_srli_si128(r, 8));
  _mm_storeu_si128((__m128i *)codes, _mm_max_epi8(edged_codes_avx2(first, second), by->floor));
}

// ((left − left_zero) · left_scale + (right − right_zero) · right_scale + half) >> shift, plus a zero point, for `count` codes, with
// results of at least `least`. (The zeros and half are combined into one offset: it may wrap, which cancels out if the sum does not.)
static inline EDGED_AVX2 void edged_add_codes_avx2(const int8_t *left, const int8_t *right,
                                                   size_t count, int32_t left_zero,
                                                   int32_t right_zero, int32_t left_scale,
                                                   int32_t right_scale, int32_t shift,
                                                   int32_t zero_point, int32_t least,
                                                   int8_t *codes) {
  const uint32_t offset = (1u << (shift - 1)) - (uint32_t)left_zero * (uint32_t)left_scale -
                          (uint32_t)right_zero * (uint32_t)right_scale;
  const edged_sum_avx2 by = {
      _mm256_set1_epi32(left_scale), _mm256_set1_epi32(right_scale),
      _mm256_set1_epi32((int32_t)offset), _mm256_set1_epi32(zero_point), _mm_cvtsi32_si128(shift),
      _mm_set1_epi8((char)least)};
  size_t n = 0;
  for (; n + 16 <= count; n += 16) edged_sum_sixteen_avx2(&by, left + n, right + n, codes + n);
  if (n < count) {
    int8_t l[16] = {0}, r[16] = {0}, sums[16];
    __builtin_memcpy(l, left + n, count - n);
    __builtin_memcpy(r, right + n, count - n);
    edged_sum_sixteen_avx2(&by, l, r, sums);
    __builtin_memcpy(codes + n, sums, count - n);
  }
}

// Constants for converting codes to another grid.
typedef struct {
  __m256i zero, mantissa, shift, zero_point;
} edged_move_avx2;

EDGED_INLINE EDGED_AVX2 __m256i edged_move_eight_avx2(const edged_move_avx2 *by, __m128i codes) {
  const __m256i value = _mm256_sub_epi32(_mm256_cvtepi8_epi32(codes), by->zero);
  return _mm256_add_epi32(edged_rescale_eight_avx2(value, by->mantissa, by->shift),
                          by->zero_point);
}

EDGED_INLINE EDGED_AVX2 void edged_move_sixteen_avx2(const edged_move_avx2 *by, const int8_t *from,
                                                     int8_t *codes) {
  const __m128i bytes = _mm_loadu_si128((const __m128i *)from);
  const __m256i first = edged_move_eight_avx2(by, bytes);
  const __m256i second = edged_move_eight_avx2(by, _mm_srli_si128(bytes, 8));
  _mm_storeu_si128((__m128i *)codes, edged_codes_avx2(first, second));
}

// Converts `count` codes around `zero` to a grid with another zero point, by one mantissa and shift.
static inline EDGED_AVX2 void edged_move_codes_avx2(const int8_t *from, size_t count, int32_t zero,
                                                    int32_t mantissa, int32_t shift,
                                                    int32_t zero_point, int8_t *codes) {
  const edged_move_avx2 by = {_mm256_set1_epi32(zero), _mm256_set1_epi32(mantissa),
                              _mm256_set1_epi32(shift), _mm256_set1_epi32(zero_point)};
  size_t n = 0;
  for (; n + 16 <= count; n += 16) edged_move_sixteen_avx2(&by, from + n, codes + n);
  if (n < count) {
    int8_t rest[16] = {0}, moved[16];
    __builtin_memcpy(rest, from + n, count - n);
    edged_move_sixteen_avx2(&by, rest, moved);
    __builtin_memcpy(codes + n, moved, count - n);
  }
}

#endif
