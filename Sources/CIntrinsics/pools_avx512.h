// The sums of poolings over time for the rows of a call, with AVX-512: a register holds the codes of four rows of sixteen channels, so
// that VPDPBUSD adds over the rows. See PooledSums.swift.
#ifndef EDGED_POOLS_AVX512_H
#define EDGED_POOLS_AVX512_H

#include <immintrin.h>

#include "codes_avx512.h"
#include "processor.h"

enum { edged_pool_rows_avx512 = 16 };  // at a time: no sum over them leaves 32 bits

// In the 32 bits of each of sixteen channels one code from each of `rows` ≤ 4 rows, zeros for missing rows.
EDGED_INLINE EDGED_AVX512 __m512i edged_four_rows_avx512(__mmask16 mask, const int8_t *codes,
                                                         size_t rows, size_t channels) {
  __m512i all = _mm512_castsi128_si512(_mm_maskz_loadu_epi8(mask, codes));
#define EDGED_ROW(t)                                                                         \
  all = _mm512_inserti32x4(                                                                  \
      all, _mm_maskz_loadu_epi8(t < rows ? mask : (__mmask16)0, codes + t * channels), t)
  EDGED_ROW(1);
  EDGED_ROW(2);
  EDGED_ROW(3);
#undef EDGED_ROW
  // Four channels of every row into each quarter, then these sixteen bytes by channel.
  const __m512i quarters = _mm512_permutexvar_epi32(
      _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), all);
  return _mm512_shuffle_epi8(
      quarters, _mm512_broadcast_i32x4(
                    _mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15)));
}

// Adds eight numbers, those in `mask`, to eight sums.
EDGED_INLINE EDGED_AVX512 void edged_add_eight_avx512(int64_t *sums, __mmask8 mask,
                                                      __m512i numbers) {
  _mm512_mask_storeu_epi64(sums, mask,
                           _mm512_add_epi64(_mm512_maskz_loadu_epi64(mask, sums), numbers));
}

// Adds sixteen numbers, and 2¹⁶ times sixteen others, to sixteen sums.
EDGED_INLINE EDGED_AVX512 void edged_add_sixteen_avx512(int64_t *sums, __mmask16 mask, __m512i low,
                                                        __m512i high) {
  const __m512i first = _mm512_cvtepi32_epi64(_mm512_castsi512_si256(high));
  const __m512i second = _mm512_cvtepi32_epi64(_mm512_extracti64x4_epi64(high, 1));
  edged_add_eight_avx512(sums, (__mmask8)mask,
                         _mm512_add_epi64(_mm512_cvtepi32_epi64(_mm512_castsi512_si256(low)),
                                          _mm512_slli_epi64(first, 16)));
  edged_add_eight_avx512(sums + 8, (__mmask8)(mask >> 8),
                         _mm512_add_epi64(_mm512_cvtepi32_epi64(_mm512_extracti64x4_epi64(low, 1)),
                                          _mm512_slli_epi64(second, 16)));
}

// The sixteen channels of `mask` of edged_pool_sums_avx512.
EDGED_INLINE EDGED_AVX512 void edged_pool_sums_sixteen_avx512(__mmask16 mask, const int8_t *codes,
                                                              size_t rows, size_t channels,
                                                              int64_t *sums, int64_t *squares) {
  const __m512i ones = _mm512_set1_epi8(1), up = _mm512_set1_epi8((char)0x80);
  const __m512i none = _mm512_setzero_si512();
  __m512i sum = none, square = none;
  for (size_t t = 0; t < rows; t += 4) {
    const __m512i four = edged_four_rows_avx512(mask, codes + t * channels, rows - t, channels);
    sum = _mm512_dpbusd_epi32(sum, ones, four);
    square = _mm512_dpbusd_epi32(square, _mm512_xor_si512(four, up), four);
  }
  edged_add_sixteen_avx512(sums, mask, sum, none);
  // 128 was added to one factor.
  square = _mm512_sub_epi32(square, _mm512_slli_epi32(sum, 7));
  if (squares) edged_add_sixteen_avx512(squares, mask, square, none);
}

// sums[c] += Σ code[t][c], and squares[c] += Σ code[t][c]² unless `squares` is null. Returns the number of channels processed: all.
static inline EDGED_AVX512 size_t edged_pool_sums_avx512(const int8_t *codes, size_t rows,
                                                         size_t channels, int64_t *sums,
                                                         int64_t *squares) {
  size_t n = 0;
  for (; n + 16 <= channels; n += 16)
    edged_pool_sums_sixteen_avx512(0xffff, codes + n, rows, channels, sums + n,
                                   squares ? squares + n : NULL);
  if (n < channels)
    edged_pool_sums_sixteen_avx512(edged_first_codes_avx512(channels - n), codes + n, rows,
                                   channels, sums + n, squares ? squares + n : NULL);
  return channels;
}

// The sixteen channels of `mask` for up to sixteen rows of edged_pool_weighted_avx512; `bytes` are those of the weights, by four rows.
EDGED_INLINE EDGED_AVX512 void edged_pool_weighted_sixteen_avx512(
    __mmask16 mask, const int8_t *codes, const uint32_t *bytes, size_t rows, size_t channels,
    int64_t *numerators) {
  __m512i sum[4];
#pragma clang loop unroll(full)
  for (int byte = 0; byte < 4; byte++) sum[byte] = _mm512_setzero_si512();
  for (size_t t = 0; t < rows; t += 4) {
    const __m512i four = edged_four_rows_avx512(mask, codes + t * channels, rows - t, channels);
#pragma clang loop unroll(full)
    for (size_t byte = 0; byte < 4; byte++)
      sum[byte] = _mm512_dpbusd_epi32(sum[byte], _mm512_set1_epi32((int32_t)bytes[t + byte]), four);
  }
  edged_add_sixteen_avx512(numerators, mask,
                           _mm512_add_epi32(sum[0], _mm512_slli_epi32(sum[1], 8)),
                           _mm512_add_epi32(sum[2], _mm512_slli_epi32(sum[3], 8)));
}

// numerators[c] += Σ weight[t] · code[t][c], where the score of row t selects its weight, whose bytes are multiplied separately. Returns
// the number of channels processed: all.
static inline EDGED_AVX512 size_t edged_pool_weighted_avx512(const int8_t *codes,
                                                             const int8_t *scores,
                                                             const uint32_t *weights, size_t rows,
                                                             size_t channels,
                                                             int64_t *numerators) {
  const __m128i by_byte = _mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  for (size_t first = 0; first < rows; first += edged_pool_rows_avx512) {
    const size_t count =
        rows - first < edged_pool_rows_avx512 ? rows - first : edged_pool_rows_avx512;
    // For four rows: the lowest bytes of their weights, then the next.
    uint32_t bytes[edged_pool_rows_avx512] = {0};
    for (size_t t = 0; t < count; t++) bytes[t] = weights[scores[first + t] + 128];
    for (size_t t = 0; t < count; t += 4) {
      __m128i *const four = (__m128i *)(bytes + t);
      _mm_storeu_si128(four, _mm_shuffle_epi8(_mm_loadu_si128(four), by_byte));
    }
    const int8_t *const from = codes + first * channels;
    size_t n = 0;
    for (; n + 16 <= channels; n += 16)
      edged_pool_weighted_sixteen_avx512(0xffff, from + n, bytes, count, channels, numerators + n);
    if (n < channels)
      edged_pool_weighted_sixteen_avx512(edged_first_codes_avx512(channels - n), from + n, bytes,
                                         count, channels, numerators + n);
  }
  return channels;
}

#endif
