// sums[t][n] = bias[n] + Σ weight[n][k]·code[t][k] with VPMADDUBSW on 256 bits: it multiplies unsigned by signed, so each product is
// |code| · (weight with the code's sign). Two products, at most 2 · 128 · 127, fit into 16 bits because no weight is −128.
#ifndef EDGED_PRODUCT_AVX2_H
#define EDGED_PRODUCT_AVX2_H

#include <immintrin.h>

#include "processor.h"

#define EDGED_AVX2 __attribute__((target("avx2")))

// `halves` × 8 outputs of `rows` rows. Half h lies in block h / 2.
EDGED_INLINE EDGED_AVX2 void edged_tile_avx2(const int rows, const int halves, const int8_t *weights,
                                             size_t block_bytes, const int32_t *biases, size_t depth,
                                             const int8_t *codes, size_t stride, int32_t *sums,
                                             size_t apart) {
  const __m256i ones = _mm256_set1_epi16(1);
  __m256i sum[4][4];
#pragma clang loop unroll(full)
  for (int t = 0; t < rows; t++)
#pragma clang loop unroll(full)
    for (int h = 0; h < halves; h++)
      sum[t][h] = _mm256_loadu_si256((const __m256i *)(biases + 8 * h));
  for (size_t k = 0; k < depth; k += 4) {
    __m256i weight[4];
#pragma clang loop unroll(full)
    for (int h = 0; h < halves; h++)
      weight[h] = _mm256_loadu_si256(
          (const __m256i *)(weights + (size_t)(h / 2) * block_bytes + 16 * k + 32 * (h % 2)));
#pragma clang loop unroll(full)
    for (int t = 0; t < rows; t++) {
      int32_t four;
      __builtin_memcpy(&four, codes + (size_t)t * stride + k, 4);
      const __m256i code = _mm256_set1_epi32(four);
      const __m256i magnitude = _mm256_abs_epi8(code);
#pragma clang loop unroll(full)
      for (int h = 0; h < halves; h++) {
        const __m256i pairs = _mm256_maddubs_epi16(magnitude, _mm256_sign_epi8(weight[h], code));
        sum[t][h] = _mm256_add_epi32(sum[t][h], _mm256_madd_epi16(pairs, ones));
      }
    }
  }
#pragma clang loop unroll(full)
  for (int t = 0; t < rows; t++)
#pragma clang loop unroll(full)
    for (int h = 0; h < halves; h++)
      _mm256_storeu_si256((__m256i *)(sums + (size_t)t * apart + 8 * h), sum[t][h]);
}

// All outputs of `rows` ≤ 4 rows, `widest` halves at a time.
EDGED_INLINE EDGED_AVX2 void edged_rows_avx2(const int rows, const int widest, const int8_t *weights,
                                             const int32_t *biases, size_t outputs, size_t depth,
                                             const int8_t *codes, size_t stride, int32_t *sums) {
  size_t n = 0;
  for (; n + 8 * (size_t)widest <= outputs; n += 8 * (size_t)widest)
    edged_tile_avx2(rows, widest, weights + n * depth, 16 * depth, biases + n, depth, codes, stride,
                    sums + n, outputs);
  for (; n < outputs; n += 16)
    edged_tile_avx2(rows, 2, weights + n * depth, 16 * depth, biases + n, depth, codes, stride,
                    sums + n, outputs);
}

// `outputs` is a multiple of 16, `depth` of 4; row t of `codes` starts at t·stride, row t of `sums` at t·outputs.
static inline EDGED_AVX2 void edged_product_avx2(const int8_t *weights, const int32_t *biases,
                                                 size_t outputs, size_t depth, const int8_t *codes,
                                                 size_t stride, size_t rows, int32_t *sums) {
  for (size_t first = 0; first < rows; first += 4) {
    const int8_t *const row = codes + first * stride;
    int32_t *const to = sums + first * outputs;
    switch (rows - first) {
      case 1: edged_rows_avx2(1, 4, weights, biases, outputs, depth, row, stride, to); break;
      case 2: edged_rows_avx2(2, 4, weights, biases, outputs, depth, row, stride, to); break;
      case 3: edged_rows_avx2(3, 2, weights, biases, outputs, depth, row, stride, to); break;
      default: edged_rows_avx2(4, 2, weights, biases, outputs, depth, row, stride, to); break;
    }
  }
}

#endif
