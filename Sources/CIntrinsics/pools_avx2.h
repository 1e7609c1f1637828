// The sums of poolings over time for the rows of a call, with AVX2: in 32 bits over the rows of a call, of which 2¹⁶ could not overflow,
// then in 64. Each function processes all whole groups of eight channels and returns the number of channels.
#ifndef EDGED_POOLS_AVX2_H
#define EDGED_POOLS_AVX2_H

#include <immintrin.h>

#include "processor.h"
#include "product_avx2.h"

// Adds eight numbers to eight sums.
EDGED_INLINE EDGED_AVX2 void edged_add_eight_avx2(int64_t *sums, __m256i numbers) {
  __m256i *const to = (__m256i *)sums;
  const __m256i low = _mm256_cvtepi32_epi64(_mm256_castsi256_si128(numbers));
  const __m256i high = _mm256_cvtepi32_epi64(_mm256_extracti128_si256(numbers, 1));
  _mm256_storeu_si256(to, _mm256_add_epi64(_mm256_loadu_si256(to), low));
  _mm256_storeu_si256(to + 1, _mm256_add_epi64(_mm256_loadu_si256(to + 1), high));
}

// sums[c] += Σ code[t][c], and squares[c] += Σ code[t][c]² unless `squares` is null.
static inline EDGED_AVX2 size_t edged_pool_sums_avx2(const int8_t *codes, size_t rows,
                                                     size_t channels, int64_t *sums,
                                                     int64_t *squares) {
  size_t n = 0;
  for (; n + 8 <= channels; n += 8) {
    __m256i sum = _mm256_setzero_si256(), square = _mm256_setzero_si256();
    for (size_t t = 0; t < rows; t++) {
      const __m256i code =
          _mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)(codes + t * channels + n)));
      const __m256i magnitude = _mm256_abs_epi32(code);
      sum = _mm256_add_epi32(sum, code);
      square = _mm256_add_epi32(square, _mm256_madd_epi16(magnitude, magnitude));
    }
    edged_add_eight_avx2(sums + n, sum);
    if (squares) edged_add_eight_avx2(squares + n, square);
  }
  return n;
}

// numerators[c] += Σ weight[t] · code[t][c], where the score of row t selects its weight. 128 is added to codes for unsigned
// multiplication, and 128 times the weights is subtracted.
static inline EDGED_AVX2 size_t edged_pool_weighted_avx2(const int8_t *codes, const int8_t *scores,
                                                         const uint32_t *weights, size_t rows,
                                                         size_t channels, int64_t *numerators) {
  int64_t total = 0;
  for (size_t t = 0; t < rows; t++) total += weights[scores[t] + 128];
  const __m256i moved = _mm256_set1_epi64x(-128 * total);
  size_t n = 0;
  for (; n + 8 <= channels; n += 8) {
    __m256i *const to = (__m256i *)(numerators + n);
    __m256i low = _mm256_add_epi64(_mm256_loadu_si256(to), moved);
    __m256i high = _mm256_add_epi64(_mm256_loadu_si256(to + 1), moved);
    for (size_t t = 0; t < rows; t++) {
      const __m256i weight = _mm256_set1_epi64x(weights[scores[t] + 128]);
      const __m128i code =
          _mm_xor_si128(_mm_loadl_epi64((const __m128i *)(codes + t * channels + n)),
                        _mm_set1_epi8((char)0x80));
      low = _mm256_add_epi64(low, _mm256_mul_epu32(_mm256_cvtepu8_epi64(code), weight));
      high = _mm256_add_epi64(
          high, _mm256_mul_epu32(_mm256_cvtepu8_epi64(_mm_srli_si128(code, 4)), weight));
    }
    _mm256_storeu_si256(to, low);
    _mm256_storeu_si256(to + 1, high);
  }
  return n;
}

#endif
