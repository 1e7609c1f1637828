// sums[t][n] = bias[n] + Σ weight[n][k]·code[t][k] with SMULL, SMLAL and SADALP, for ARM cores without dot products (Cortex-A53, A72):
// two 8-bit products, at most 2 · 128 · 127, are summed in 16 bits because no weight is −128, then pairs of such sums in 32.
#ifndef EDGED_PRODUCT_NEON_H
#define EDGED_PRODUCT_NEON_H

#include <arm_neon.h>

#include "processor.h"

// Four codes, repeated four times.
EDGED_INLINE int8x16_t edged_four_codes(const int8_t *codes) {
  int32_t four;
  __builtin_memcpy(&four, codes, 4);
  return vreinterpretq_s8_s32(vdupq_n_s32(four));
}

// 16 outputs of `rows` rows.
EDGED_INLINE void edged_tile_neon(const int rows, const int8_t *weights, const int32_t *biases,
                                  size_t depth, const int8_t *codes, size_t stride, int32_t *sums,
                                  size_t apart) {
  // sum[t][q] holds two halves for each of two outputs, which are added at the end.
  int32x4_t sum[2][8];
#pragma clang loop unroll(full)
  for (int t = 0; t < rows; t++)
#pragma clang loop unroll(full)
    for (int q = 0; q < 8; q++) sum[t][q] = vdupq_n_s32(0);
  size_t k = 0;
  for (; k + 8 <= depth; k += 8) {
    int8x16_t code[2][2];
#pragma clang loop unroll(full)
    for (int t = 0; t < rows; t++) {
      code[t][0] = edged_four_codes(codes + (size_t)t * stride + k);
      code[t][1] = edged_four_codes(codes + (size_t)t * stride + k + 4);
    }
#pragma clang loop unroll(full)
    for (int q = 0; q < 4; q++) {
      const int8x16_t first = vld1q_s8(weights + 16 * k + 16 * q);
      const int8x16_t second = vld1q_s8(weights + 16 * k + 64 + 16 * q);
#pragma clang loop unroll(full)
      for (int t = 0; t < rows; t++) {
        int16x8_t low = vmull_s8(vget_low_s8(first), vget_low_s8(code[t][0]));
        int16x8_t high = vmull_high_s8(first, code[t][0]);
        low = vmlal_s8(low, vget_low_s8(second), vget_low_s8(code[t][1]));
        high = vmlal_high_s8(high, second, code[t][1]);
        sum[t][2 * q] = vpadalq_s16(sum[t][2 * q], low);
        sum[t][2 * q + 1] = vpadalq_s16(sum[t][2 * q + 1], high);
      }
    }
  }
  if (k < depth) {
#pragma clang loop unroll(full)
    for (int t = 0; t < rows; t++) {
      const int8x16_t code = edged_four_codes(codes + (size_t)t * stride + k);
#pragma clang loop unroll(full)
      for (int q = 0; q < 4; q++) {
        const int8x16_t weight = vld1q_s8(weights + 16 * k + 16 * q);
        sum[t][2 * q] =
            vpadalq_s16(sum[t][2 * q], vmull_s8(vget_low_s8(weight), vget_low_s8(code)));
        sum[t][2 * q + 1] = vpadalq_s16(sum[t][2 * q + 1], vmull_high_s8(weight, code));
      }
    }
  }
#pragma clang loop unroll(full)
  for (int t = 0; t < rows; t++)
#pragma clang loop unroll(full)
    for (int q = 0; q < 4; q++)
      vst1q_s32(sums + (size_t)t * apart + 4 * q,
                vaddq_s32(vpaddq_s32(sum[t][2 * q], sum[t][2 * q + 1]), vld1q_s32(biases + 4 * q)));
}

// `outputs` is a multiple of 16, `depth` of 4; row t of `codes` starts at t·stride, row t of `sums` at t·outputs.
static inline void edged_product_neon(const int8_t *weights, const int32_t *biases, size_t outputs,
                                      size_t depth, const int8_t *codes, size_t stride, size_t rows,
                                      int32_t *sums) {
  for (size_t n = 0; n < outputs; n += 16) {
    size_t t = 0;
    for (; t + 2 <= rows; t += 2)
      edged_tile_neon(2, weights + n * depth, biases + n, depth, codes + t * stride, stride,
                      sums + t * outputs + n, outputs);
    if (t < rows)
      edged_tile_neon(1, weights + n * depth, biases + n, depth, codes + t * stride, stride,
                      sums + t * outputs + n, outputs);
  }
}

#endif
