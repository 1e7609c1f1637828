// (code · mantissa + offset + 2^(shift−1)) >> shift per channel in 32 bits, to codes of at least `least`, with AVX2, which has per-lane
// shifts.
#ifndef EDGED_AFFINE_AVX2_H
#define EDGED_AFFINE_AVX2_H

#include <immintrin.h>

#include "processor.h"
#include "product_avx2.h"

// Eight channels of a row.
EDGED_INLINE EDGED_AVX2 __m256i edged_affine_eight_avx2(__m128i codes, const int32_t *mantissas,
                                                        const int32_t *offsets,
                                                        const int32_t *shifts) {
  const __m256i one = _mm256_set1_epi32(1);
  const __m256i by = _mm256_loadu_si256((const __m256i *)shifts);
  const __m256i half = _mm256_sllv_epi32(one, _mm256_sub_epi32(by, one));
  const __m256i product = _mm256_mullo_epi32(_mm256_cvtepi8_epi32(codes),
                                             _mm256_loadu_si256((const __m256i *)mantissas));
  const __m256i sum = _mm256_add_epi32(
      _mm256_add_epi32(product, _mm256_loadu_si256((const __m256i *)offsets)), half);
  return _mm256_srav_epi32(sum, by);
}

// Maps one row of `channels`. The arrays of 32-bit numbers are padded to a multiple of 16, and up to 15 bytes after the row are read.
static inline EDGED_AVX2 void edged_affine_avx2(const int8_t *codes, const int32_t *mantissas,
                                                const int32_t *offsets, const int32_t *shifts,
                                                size_t channels, int32_t least, int8_t *mapped) {
  const __m128i floor = _mm_set1_epi8((char)least);
  for (size_t n = 0; n < channels; n += 16) {
    const __m128i row = _mm_loadu_si128((const __m128i *)(codes + n));
    const __m256i first = edged_affine_eight_avx2(row, mantissas + n, offsets + n, shifts + n);
    const __m256i second = edged_affine_eight_avx2(_mm_srli_si128(row, 8), mantissas + n + 8,
                                                   offsets + n + 8, shifts + n + 8);
    const __m256i words =
        _mm256_permute4x64_epi64(_mm256_packs_epi32(first, second), _MM_SHUFFLE(3, 1, 2, 0));
    const __m128i bytes = _mm_max_epi8(
        _mm_packs_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1)), floor);
    if (channels - n >= 16)
      _mm_storeu_si128((__m128i *)(mapped + n), bytes);
    else
      __builtin_memcpy(mapped + n, &bytes, channels - n);
  }
}

#endif
