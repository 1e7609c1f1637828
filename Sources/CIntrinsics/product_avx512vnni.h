// sums[t][n] = bias[n] + Σ weight[n][k]·code[t][k] with VPDPBUSD on 512 bits: a register is 16 outputs × 4 inputs, which is one step of
// the weights' layout. The instruction takes unsigned codes, so 128 is added to them, and 128 times the sum of a row's weights is
// subtracted from its entry in `biases`.
#ifndef EDGED_PRODUCT_AVX512VNNI_H
#define EDGED_PRODUCT_AVX512VNNI_H

#include <immintrin.h>

#include "processor.h"

#define EDGED_AVX512 __attribute__((target("avx2,avx512f,avx512bw,avx512vl,avx512dq,avx512vnni")))

enum { edged_chunk_512 = 1024 };  // inputs at a time: 4 rows of them stay in the nearest cache

// Adds the products of four inputs from `k` on: for `blocks` × 16 outputs and `rows` rows.
EDGED_INLINE EDGED_AVX512 void edged_four_inputs_avx512vnni(
    const int rows, const int blocks, const int8_t *weights, size_t block_bytes,
    const uint8_t (*codes)[edged_chunk_512], size_t k, __m512i (*sum)[8]) {
  __m512i weight[8];
#pragma clang loop unroll(full)
  for (int b = 0; b < blocks; b++)
    weight[b] = _mm512_loadu_si512(weights + (size_t)b * block_bytes + 16 * k);
#pragma clang loop unroll(full)
  for (int t = 0; t < rows; t++) {
    int32_t four;
    __builtin_memcpy(&four, codes[t] + k, 4);
    const __m512i code = _mm512_set1_epi32(four);
#pragma clang loop unroll(full)
    for (int b = 0; b < blocks; b++) sum[t][b] = _mm512_dpbusd_epi32(sum[t][b], code, weight[b]);
  }
}

// `blocks` × 16 outputs of `rows` rows over `depth` inputs, starting from the values in `from` (rows `from_apart` apart). If there are
// few sums, each is split into two or four, so that enough are in flight to hide the latency.
EDGED_INLINE EDGED_AVX512 void edged_tile_avx512vnni(
    const int rows, const int blocks, const int8_t *weights, size_t block_bytes,
    const uint8_t (*codes)[edged_chunk_512], size_t depth, const int32_t *from, size_t from_apart,
    int32_t *sums, size_t apart) {
  const int parts = rows * blocks > 8 ? 1 : rows * blocks > 4 ? 2 : 4;
  __m512i sum[4][4][8];
#pragma clang loop unroll(full)
  for (int t = 0; t < rows; t++)
#pragma clang loop unroll(full)
    for (int b = 0; b < blocks; b++) {
      sum[0][t][b] = _mm512_loadu_si512(from + (size_t)t * from_apart + 16 * b);
#pragma clang loop unroll(full)
      for (int part = 1; part < parts; part++) sum[part][t][b] = _mm512_setzero_si512();
    }
  size_t k = 0;
  for (; k + 4 * (size_t)parts <= depth; k += 4 * (size_t)parts)
#pragma clang loop unroll(full)
    for (int part = 0; part < parts; part++)
      edged_four_inputs_avx512vnni(rows, blocks, weights, block_bytes, codes, k + 4 * (size_t)part,
                                   sum[part]);
  if (parts > 1)
    for (; k < depth; k += 4)
      edged_four_inputs_avx512vnni(rows, blocks, weights, block_bytes, codes, k, sum[0]);
#pragma clang loop unroll(full)
  for (int t = 0; t < rows; t++)
#pragma clang loop unroll(full)
    for (int b = 0; b < blocks; b++) {
#pragma clang loop unroll(full)
      for (int part = 1; part < parts; part++)
        sum[0][t][b] = _mm512_add_epi32(sum[0][t][b], sum[part][t][b]);
      _mm512_storeu_si512(sums + (size_t)t * apart + 16 * b, sum[0][t][b]);
    }
}

// All outputs of `rows` ≤ 4 rows, in tiles of at most `widest` blocks, as equal as possible: a narrow one after wide ones would have too
// few sums to hide the latency.
EDGED_INLINE EDGED_AVX512 void edged_rows_avx512vnni(
    const int rows, const unsigned widest, const int8_t *weights, size_t block_bytes,
    const uint8_t (*codes)[edged_chunk_512], size_t depth, const int32_t *from, size_t from_apart,
    int32_t *sums, size_t outputs) {
  const unsigned blocks = (unsigned)(outputs / 16), tiles = (blocks + widest - 1) / widest;
  const unsigned narrow = blocks / tiles, wide_count = blocks % tiles;
  size_t n = 0;
  for (unsigned tile = 0; tile < tiles; tile++) {
    const unsigned width = narrow + (tile < wide_count);
    switch (width) {
#define EDGED_TILE(blocks)                                                                         \
  case blocks:                                                                                     \
    if (blocks <= widest)                                                                          \
      edged_tile_avx512vnni(rows, blocks, weights + n / 16 * block_bytes, block_bytes, codes, depth, \
                            from + n, from_apart, sums + n, outputs);                              \
    break;
      EDGED_TILE(1)
      EDGED_TILE(2)
      EDGED_TILE(3)
      EDGED_TILE(4)
      EDGED_TILE(5)
      EDGED_TILE(6)
      EDGED_TILE(7)
      EDGED_TILE(8)
#undef EDGED_TILE
    }
    n += 16 * (size_t)width;
  }
}

// `outputs` is a multiple of 16, `depth` of 4; row t of `codes` starts at t·stride, row t of `sums` at t·outputs.
static inline EDGED_AVX512 void edged_product_avx512vnni(
    const int8_t *weights, const int32_t *biases, size_t outputs, size_t depth, const int8_t *codes,
    size_t stride, size_t rows, int32_t *sums) {
  uint8_t moved[4][edged_chunk_512] __attribute__((aligned(64)));
  const __m512i up = _mm512_set1_epi8((char)0x80);
  for (size_t first = 0; first < rows; first += 4) {
    const size_t count = rows - first < 4 ? rows - first : 4;
    int32_t *const to = sums + first * outputs;
    for (size_t start = 0; start < depth; start += edged_chunk_512) {
      const size_t length = depth - start < edged_chunk_512 ? depth - start : edged_chunk_512;
      for (size_t t = 0; t < count; t++) {
        const int8_t *const row = codes + (first + t) * stride + start;
        for (size_t k = 0; k < length; k += 64) {
          const __mmask64 mask = length - k < 64 ? ((__mmask64)1 << (length - k)) - 1 : ~(__mmask64)0;
          _mm512_store_si512(moved[t] + k,
                             _mm512_xor_si512(_mm512_maskz_loadu_epi8(mask, row + k), up));
        }
      }
      const int32_t *const from = start == 0 ? biases : to;
      const size_t apart = start == 0 ? 0 : outputs;
      const int8_t *const block = weights + 16 * start;
      switch (count) {
        case 1: edged_rows_avx512vnni(1, 8, block, 16 * depth, moved, length, from, apart, to, outputs); break;
        case 2: edged_rows_avx512vnni(2, 8, block, 16 * depth, moved, length, from, apart, to, outputs); break;
        case 3: edged_rows_avx512vnni(3, 4, block, 16 * depth, moved, length, from, apart, to, outputs); break;
        default: edged_rows_avx512vnni(4, 4, block, 16 * depth, moved, length, from, apart, to, outputs); break;
      }
    }
  }
}

#endif
