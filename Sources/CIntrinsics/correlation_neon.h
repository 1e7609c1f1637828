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

// Σ cosines[n] · (high[n] · 8192 + low[n]) over `count` numbers, a multiple of 16, for four rows of cosines: their sums stay in
// registers, and the values are loaded once for all of them.
EDGED_INLINE void edged_four_correlations_neon(const int16_t *cosines, const int16_t *high,
                                               const int16_t *low, size_t count, int64_t *sums) {
  int32x4_t highs[4], lows[4];
  int64x2_t wide[4];
  for (size_t row = 0; row < 4; row++) {
    highs[row] = vdupq_n_s32(0);
    wide[row] = vdupq_n_s64(0);
  }
  for (size_t n = 0; n < count;) {
    // Eight products of 13 and 15 bits, four at a time, fit in 32 bits.
    const size_t end = count - n > 32 ? n + 32 : count;
    for (size_t row = 0; row < 4; row++) lows[row] = vdupq_n_s32(0);
    for (; n < end; n += 16) {
      const int16x8_t h1 = vld1q_s16(high + n), h2 = vld1q_s16(high + n + 8);
      const int16x8_t l1 = vld1q_s16(low + n), l2 = vld1q_s16(low + n + 8);
      for (size_t row = 0; row < 4; row++) {
        const int16_t *const at = cosines + row * count + n;
        const int16x8_t w1 = vld1q_s16(at), w2 = vld1q_s16(at + 8);
        highs[row] = vmlal_s16(highs[row], vget_low_s16(w1), vget_low_s16(h1));
        highs[row] = vmlal_high_s16(highs[row], w1, h1);
        highs[row] = vmlal_s16(highs[row], vget_low_s16(w2), vget_low_s16(h2));
        highs[row] = vmlal_high_s16(highs[row], w2, h2);
        lows[row] = vmlal_s16(lows[row], vget_low_s16(w1), vget_low_s16(l1));
        lows[row] = vmlal_high_s16(lows[row], w1, l1);
        lows[row] = vmlal_s16(lows[row], vget_low_s16(w2), vget_low_s16(l2));
        lows[row] = vmlal_high_s16(lows[row], w2, l2);
      }
    }
    for (size_t row = 0; row < 4; row++) wide[row] = vpadalq_s32(wide[row], lows[row]);
  }
  for (size_t row = 0; row < 4; row++)
    sums[row] = vaddvq_s64(wide[row]) + vaddlvq_s32(highs[row]) * 8192;
}

// The same for `rows` rows, a multiple of 4, consecutive in `cosines`.
static inline void edged_correlations_neon(const int16_t *cosines, const int16_t *high,
                                           const int16_t *low, size_t rows, size_t count,
                                           int64_t *sums) {
  for (size_t row = 0; row < rows; row += 4)
    edged_four_correlations_neon(cosines + row * count, high, low, count, sums + row);
}

#endif
