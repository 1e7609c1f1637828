// MelBank.swift's sums with NEON, four bins at a time.
#ifndef EDGED_MEL_NEON_H
#define EDGED_MEL_NEON_H

#include <arm_neon.h>

#include "processor.h"

// Σ weights[k] · (bins[k] >> excess), where `excess` is the number of bits by which the largest bin exceeds 32.
static inline uint64_t edged_mel_sum_neon(const uint64_t *bins, const uint16_t *weights,
                                          size_t count, int32_t *excess) {
  uint64x2_t all = vdupq_n_u64(0);
  size_t k = 0;
  for (; k + 2 <= count; k += 2) all = vorrq_u64(all, vld1q_u64(bins + k));
  uint64_t bits = vgetq_lane_u64(all, 0) | vgetq_lane_u64(all, 1);
  if (k < count) bits |= bins[k];
  const int excess_bits = bits >> 32 ? 32 - __builtin_clzll(bits) : 0;
  const int64x2_t shift = vdupq_n_s64(-excess_bits);
  uint64x2_t sums = vdupq_n_u64(0);
  for (k = 0; k + 4 <= count; k += 4) {
    const uint32x2_t low = vmovn_u64(vshlq_u64(vld1q_u64(bins + k), shift));
    const uint32x4_t v = vmovn_high_u64(low, vshlq_u64(vld1q_u64(bins + k + 2), shift));
    const uint32x4_t w = vmovl_u16(vld1_u16(weights + k));
    sums = vmlal_u32(sums, vget_low_u32(v), vget_low_u32(w));
    sums = vmlal_high_u32(sums, v, w);
  }
  uint64_t sum = vaddvq_u64(sums);
  for (; k < count; k++) sum += (bins[k] >> excess_bits) * weights[k];
  *excess = excess_bits;
  return sum;
}

#endif
