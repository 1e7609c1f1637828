// The sums of poolings over time for the rows of a call, with NEON: see pools_avx2.h.
#ifndef EDGED_POOLS_NEON_H
#define EDGED_POOLS_NEON_H

#include <arm_neon.h>

#include "processor.h"

// Adds four numbers to four sums.
EDGED_INLINE void edged_add_four_neon(int64_t *sums, int32x4_t numbers) {
  vst1q_s64(sums, vaddw_s32(vld1q_s64(sums), vget_low_s32(numbers)));
  vst1q_s64(sums + 2, vaddw_high_s32(vld1q_s64(sums + 2), numbers));
}

// sums[c] += Σ code[t][c], and squares[c] += Σ code[t][c]² unless `squares` is null.
static inline size_t edged_pool_sums_neon(const int8_t *codes, size_t rows, size_t channels,
                                          int64_t *sums, int64_t *squares) {
  size_t n = 0;
  for (; n + 8 <= channels; n += 8) {
    int32x4_t low = vdupq_n_s32(0), high = low, low_square = low, high_square = low;
    for (size_t t = 0; t < rows; t++) {
      const int16x8_t code = vmovl_s8(vld1_s8(codes + t * channels + n));
      low = vaddw_s16(low, vget_low_s16(code));
      high = vaddw_high_s16(high, code);
      low_square = vmlal_s16(low_square, vget_low_s16(code), vget_low_s16(code));
      high_square = vmlal_high_s16(high_square, code, code);
    }
    edged_add_four_neon(sums + n, low);
    edged_add_four_neon(sums + n + 4, high);
    if (squares) {
      edged_add_four_neon(squares + n, low_square);
      edged_add_four_neon(squares + n + 4, high_square);
    }
  }
  return n;
}

// numerators[c] += Σ weight[t] · code[t][c], where the score of row t selects its weight. 128 is added to codes for unsigned
// multiplication, and 128 times the weights is subtracted.
static inline size_t edged_pool_weighted_neon(const int8_t *codes, const int8_t *scores,
                                              const uint32_t *weights, size_t rows, size_t channels,
                                              int64_t *numerators) {
  int64_t total = 0;
  for (size_t t = 0; t < rows; t++) total += weights[scores[t] + 128];
  const uint64x2_t moved = vreinterpretq_u64_s64(vdupq_n_s64(-128 * total));
  size_t n = 0;
  for (; n + 8 <= channels; n += 8) {
    uint64_t *const to = (uint64_t *)(numerators + n);
    uint64x2_t sum[4];
#pragma clang loop unroll(full)
    for (int q = 0; q < 4; q++) sum[q] = vaddq_u64(vld1q_u64(to + 2 * q), moved);
    for (size_t t = 0; t < rows; t++) {
      const uint32x4_t weight = vdupq_n_u32(weights[scores[t] + 128]);
      const uint8x8_t bytes = vreinterpret_u8_s8(vld1_s8(codes + t * channels + n));
      const uint16x8_t code = vmovl_u8(veor_u8(bytes, vdup_n_u8(0x80)));
      const uint32x4_t low = vmovl_u16(vget_low_u16(code)), high = vmovl_high_u16(code);
      sum[0] = vmlal_u32(sum[0], vget_low_u32(low), vget_low_u32(weight));
      sum[1] = vmlal_high_u32(sum[1], low, weight);
      sum[2] = vmlal_u32(sum[2], vget_low_u32(high), vget_low_u32(weight));
      sum[3] = vmlal_high_u32(sum[3], high, weight);
    }
#pragma clang loop unroll(full)
    for (int q = 0; q < 4; q++) vst1q_u64(to + 2 * q, sum[q]);
  }
  return n;
}

#endif
