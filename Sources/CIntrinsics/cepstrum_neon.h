// FeatureMap.swift's cosine transform with NEON: SMLAL, two products at a time.
#ifndef EDGED_CEPSTRUM_NEON_H
#define EDGED_CEPSTRUM_NEON_H

#include <arm_neon.h>

#include "processor.h"

// (Σ cosines[row][k] · values[k] + 2²⁹) >> 30 for `rows` rows of `count` numbers.
static inline void edged_cepstrum_neon(const int32_t *cosines, const int32_t *values, size_t rows,
                                       size_t count, int32_t *sums) {
  for (size_t row = 0; row < rows; row++) {
    const int32_t *const at = cosines + row * count;
    int64x2_t low = vdupq_n_s64(0), high = vdupq_n_s64(0);
    size_t k = 0;
    for (; k + 4 <= count; k += 4) {
      const int32x4_t w = vld1q_s32(at + k), v = vld1q_s32(values + k);
      low = vmlal_s32(low, vget_low_s32(w), vget_low_s32(v));
      high = vmlal_high_s32(high, w, v);
    }
    int64_t sum = vaddvq_s64(vaddq_s64(low, high)) + (1 << 29);
    for (; k < count; k++) sum += (int64_t)at[k] * values[k];
    sums[row] = (int32_t)(sum >> 30);
  }
}

#endif
