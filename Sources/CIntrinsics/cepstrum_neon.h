// FeatureMap.swift's cosine transform with NEON: SMLAL, two products at a time, four rows together.
#ifndef EDGED_CEPSTRUM_NEON_H
#define EDGED_CEPSTRUM_NEON_H

#include <arm_neon.h>

#include "processor.h"

// (Σ weights[k] · values[k] + 2²⁹) >> 30 for `rows` ≤ 4 rows of `count` numbers. When inlined with constant `rows`, the sums of four rows
// stay in registers, and the values are loaded once for all of them.
EDGED_INLINE void edged_cepstrum_rows_neon(const int32_t *weights, const int32_t *values,
                                           size_t rows, size_t count, int32_t *sums) {
  int64x2_t low[4], high[4];
  for (size_t row = 0; row < rows; row++) low[row] = high[row] = vdupq_n_s64(0);
  size_t k = 0;
  for (; k + 4 <= count; k += 4) {
    const int32x4_t v = vld1q_s32(values + k);
    for (size_t row = 0; row < rows; row++) {
      const int32x4_t w = vld1q_s32(weights + row * count + k);
      low[row] = vmlal_s32(low[row], vget_low_s32(w), vget_low_s32(v));
      high[row] = vmlal_high_s32(high[row], w, v);
    }
  }
  for (size_t row = 0; row < rows; row++) {
    int64_t sum = vaddvq_s64(vaddq_s64(low[row], high[row])) + (1 << 29);
    for (size_t rest = k; rest < count; rest++)
      sum += (int64_t)weights[row * count + rest] * values[rest];
    sums[row] = (int32_t)(sum >> 30);
  }
}

static inline void edged_cepstrum_neon(const int32_t *cosines, const int32_t *values, size_t rows,
                                       size_t count, int32_t *sums) {
  size_t row = 0;
  for (; row + 4 <= rows; row += 4)
    edged_cepstrum_rows_neon(cosines + row * count, values, 4, count, sums + row);
  for (; row < rows; row++)
    edged_cepstrum_rows_neon(cosines + row * count, values, 1, count, sums + row);
}

#endif
