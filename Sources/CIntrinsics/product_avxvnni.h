// sums[t][n] = bias[n] + Σ weight[n][k]·code[t][k] with VPDPBUSD on 256 bits: a register is 8 outputs × 4 inputs. 128 is added to codes
// and `biases` compensate, as in product_avx512vnni.h.
#ifndef EDGED_PRODUCT_AVXVNNI_H
#define EDGED_PRODUCT_AVXVNNI_H

#include <immintrin.h>

#include "processor.h"

#define EDGED_AVXVNNI __attribute__((target("avx2,avxvnni")))

enum { edged_chunk_256 = 1024 };

// `halves` × 8 outputs of `rows` rows over `depth` inputs, starting from the values in `from`. Half h is in block h / 2. (Twelve sums
// instead of eight would hide all of the latency, but then sixteen registers cannot hold weights and codes.)
EDGED_INLINE EDGED_AVXVNNI void edged_tile_avxvnni(
    const int rows, const int halves, const int8_t *weights, size_t block_bytes,
    const uint8_t (*codes)[edged_chunk_256], size_t depth, const int32_t *from, size_t from_apart,
    int32_t *sums, size_t apart) {
  __m256i sum[4][8];
#pragma clang loop unroll(full)
  for (int t = 0; t < rows; t++)
#pragma clang loop unroll(full)
    for (int h = 0; h < halves; h++)
      sum[t][h] = _mm256_loadu_si256((const __m256i *)(from + (size_t)t * from_apart + 8 * h));
  for (size_t k = 0; k < depth; k += 4) {
    __m256i code[4];
#pragma clang loop unroll(full)
    for (int t = 0; t < rows; t++) {
      int32_t four;
      __builtin_memcpy(&four, codes[t] + k, 4);
      code[t] = _mm256_set1_epi32(four);
    }
#pragma clang loop unroll(full)
    for (int h = 0; h < halves; h++) {
      const __m256i weight = _mm256_loadu_si256(
          (const __m256i *)(weights + (size_t)(h / 2) * block_bytes + 16 * k + 32 * (h % 2)));
#pragma clang loop unroll(full)
      for (int t = 0; t < rows; t++)
        sum[t][h] = _mm256_dpbusd_avx_epi32(sum[t][h], code[t], weight);
    }
  }
#pragma clang loop unroll(full)
  for (int t = 0; t < rows; t++)
#pragma clang loop unroll(full)
    for (int h = 0; h < halves; h++)
      _mm256_storeu_si256((__m256i *)(sums + (size_t)t * apart + 8 * h), sum[t][h]);
}

// All outputs of `rows` ≤ 4 rows, in tiles of at most `widest` blocks of two halves, as in edged_rows_avx512vnni.
EDGED_INLINE EDGED_AVXVNNI void edged_rows_avxvnni(
    const int rows, const unsigned widest, const int8_t *weights, size_t block_bytes,
    const uint8_t (*codes)[edged_chunk_256], size_t depth, const int32_t *from, size_t from_apart,
    int32_t *sums, size_t outputs) {
  const unsigned blocks = (unsigned)(outputs / 16), tiles = (blocks + widest - 1) / widest;
  const unsigned narrow = blocks / tiles, wide_count = blocks % tiles;
  size_t n = 0;
  for (unsigned tile = 0; tile < tiles; tile++) {
    const unsigned width = narrow + (tile < wide_count);
    switch (width) {
#define EDGED_TILE(blocks)                                                                      \
  case blocks:                                                                                  \
    if (blocks <= widest)                                                                       \
      edged_tile_avxvnni(rows, 2 * blocks, weights + n / 16 * block_bytes, block_bytes, codes, depth, \
                         from + n, from_apart, sums + n, outputs);                              \
    break;
      EDGED_TILE(1)
      EDGED_TILE(2)
      EDGED_TILE(3)
      EDGED_TILE(4)
#undef EDGED_TILE
    }
    n += 16 * (size_t)width;
  }
}

// As edged_product_avx512vnni.
static inline EDGED_AVXVNNI void edged_product_avxvnni(
    const int8_t *weights, const int32_t *biases, size_t outputs, size_t depth, const int8_t *codes,
    size_t stride, size_t rows, int32_t *sums) {
  uint8_t moved[4][edged_chunk_256] __attribute__((aligned(32)));
  for (size_t first = 0; first < rows; first += 4) {
    const size_t count = rows - first < 4 ? rows - first : 4;
    int32_t *const to = sums + first * outputs;
    for (size_t start = 0; start < depth; start += edged_chunk_256) {
      const size_t length = depth - start < edged_chunk_256 ? depth - start : edged_chunk_256;
      for (size_t t = 0; t < count; t++) {
        const int8_t *const row = codes + (first + t) * stride + start;
        size_t k = 0;
        for (; k + 32 <= length; k += 32)
          _mm256_store_si256((__m256i *)(moved[t] + k),
                             _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)(row + k)),
                                              _mm256_set1_epi8((char)0x80)));
        for (; k < length; k++) moved[t][k] = (uint8_t)row[k] ^ 0x80;
      }
      const int32_t *const from = start == 0 ? biases : to;
      const size_t apart = start == 0 ? 0 : outputs;
      const int8_t *const block = weights + 16 * start;
      switch (count) {
        case 1: edged_rows_avxvnni(1, 4, block, 16 * depth, moved, length, from, apart, to, outputs); break;
        case 2: edged_rows_avxvnni(2, 2, block, 16 * depth, moved, length, from, apart, to, outputs); break;
        case 3: edged_rows_avxvnni(3, 1, block, 16 * depth, moved, length, from, apart, to, outputs); break;
        default: edged_rows_avxvnni(4, 1, block, 16 * depth, moved, length, from, apart, to, outputs); break;
      }
    }
  }
}

#endif
