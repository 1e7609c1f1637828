// AutocorrelationMap.swift's product with NEON: values of up to 2²⁰ in two parts of 8 and 13 bits, so that SMLAL multiplies four.
#ifndef EDGED_CORRELATION_NEON_H
#define EDGED_CORRELATION_NEON_H

#include <arm_neon.h>

#include "processor.h"

// Splits `count` values, a multiple of 16, into v >> 13 and v & 8191.
static inline void edged_split_neon(const int32_t *values, size_t count, int16_t *high,
                                    int16_t *low) {
  const int32x4_t mask = vdupq_n_s32(8191);
  for (size_t n = 0; n < count; n += 4) {
    const int32x4_t v = vld1q_s32(values + n);
    vst1_s16(low + n, vmovn_s32(vandq_s32(v, mask)));
    vst1_s16(high + n, vshrn_n_s32(v, 13));
  }
}

// Σ cosines[n] · (high[n] · 8192 + low[n]) over `count` numbers, a multiple of 16.
static inline int64_t edged_correlation_neon(const int16_t *cosines, const int16_t *high,
                                             const int16_t *low, size_t count) {
  int32x4_t highs = vdupq_n_s32(0);
  int64x2_t wide = vdupq_n_s64(0);
  for (size_t n = 0; n < count; n += 16) {
    const int16x8_t w1 = vld1q_s16(cosines + n), w2 = vld1q_s16(cosines + n + 8);
    const int16x8_t h1 = vld1q_s16(high + n), h2 = vld1q_s16(high + n + 8);
    const int16x8_t l1 = vld1q_s16(low + n), l2 = vld1q_s16(low + n + 8);
    highs = vmlal_s16(highs, vget_low_s16(w1), vget_low_s16(h1));
    highs = vmlal_high_s16(highs, w1, h1);
    highs = vmlal_s16(highs, vget_low_s16(w2), vget_low_s16(h2));
    highs = vmlal_high_s16(highs, w2, h2);
    int32x4_t lows = vmull_s16(vget_low_s16(w1), vget_low_s16(l1));
    lows = vmlal_high_s16(lows, w1, l1);
    lows = vmlal_s16(lows, vget_low_s16(w2), vget_low_s16(l2));
    lows = vmlal_high_s16(lows, w2, l2);
    wide = vpadalq_s32(wide, lows);
  }
  return vaddvq_s64(wide) + vaddlvq_s32(highs) * 8192;
}

#endif
