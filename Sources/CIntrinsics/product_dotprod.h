// sums[t][n] = bias[n] + Σ weight[n][k]·code[t][k] with SDOT (ARMv8.2 dot products: Cortex-A55, A76 and later): a register is
// four outputs × four inputs, four of which are one step of the weights' layout.
#ifndef EDGED_PRODUCT_DOTPROD_H
#define EDGED_PRODUCT_DOTPROD_H

#include <arm_neon.h>

#include "processor.h"

#define EDGED_DOTPROD __attribute__((target("dotprod")))

// 16 outputs of `rows` rows.
EDGED_INLINE EDGED_DOTPROD void edged_tile_dotprod(const int rows, const int8_t *weights,
                                                   const int32_t *biases, size_t depth,
                                                   const int8_t *codes, size_t stride,
                                                   int32_t *sums, size_t apart) {
  int32x4_t sum[4][4];
#pragma clang loop unroll(full)
  for (int t = 0; t < rows; t++)
#pragma clang loop unroll(full)
    for (int q = 0; q < 4; q++) sum[t][q] = vld1q_s32(biases + 4 * q);
  size_t k = 0;
  for (; k + 16 <= depth; k += 16) {
    int8x16_t code[4];
#pragma clang loop unroll(full)
    for (int t = 0; t < rows; t++) code[t] = vld1q_s8(codes + (size_t)t * stride + k);
#define EDGED_STEP(lane)                                                              \
  _Pragma("clang loop unroll(full)") for (int q = 0; q < 4; q++) {                    \
    const int8x16_t weight = vld1q_s8(weights + 16 * k + 64 * lane + 16 * q);         \
    _Pragma("clang loop unroll(full)") for (int t = 0; t < rows; t++) sum[t][q] =     \
        vdotq_laneq_s32(sum[t][q], weight, code[t], lane);                            \
  }
    EDGED_STEP(0)
    EDGED_STEP(1)
    EDGED_STEP(2)
    EDGED_STEP(3)
#undef EDGED_STEP
  }
  for (; k < depth; k += 4) {
#pragma clang loop unroll(full)
    for (int t = 0; t < rows; t++) {
      int32_t four;
      __builtin_memcpy(&four, codes + (size_t)t * stride + k, 4);
      const int8x16_t code = vreinterpretq_s8_s32(vdupq_n_s32(four));
#pragma clang loop unroll(full)
      for (int q = 0; q < 4; q++)
        sum[t][q] = vdotq_s32(sum[t][q], vld1q_s8(weights + 16 * k + 16 * q), code);
    }
  }
#pragma clang loop unroll(full)
  for (int t = 0; t < rows; t++)
#pragma clang loop unroll(full)
    for (int q = 0; q < 4; q++) vst1q_s32(sums + (size_t)t * apart + 4 * q, sum[t][q]);
}

// `outputs` is a multiple of 16, `depth` of 4; row t of `codes` starts at t·stride, row t of `sums` at t·outputs.
static inline EDGED_DOTPROD void edged_product_dotprod(const int8_t *weights, const int32_t *biases,
                                                       size_t outputs, size_t depth,
                                                       const int8_t *codes, size_t stride,
                                                       size_t rows, int32_t *sums) {
  for (size_t n = 0; n < outputs; n += 16) {
    const int8_t *const block = weights + n * depth;
    for (size_t t = 0; t < rows; t += 4) {
      const int8_t *const row = codes + t * stride;
      int32_t *const to = sums + t * outputs + n;
      switch (rows - t) {
        case 1: edged_tile_dotprod(1, block, biases + n, depth, row, stride, to, outputs); break;
        case 2: edged_tile_dotprod(2, block, biases + n, depth, row, stride, to, outputs); break;
        case 3: edged_tile_dotprod(3, block, biases + n, depth, row, stride, to, outputs); break;
        default: edged_tile_dotprod(4, block, biases + n, depth, row, stride, to, outputs); break;
      }
    }
  }
}

#endif
