// The conversion to int8 of ColumnScales.swift with NEON, eight columns at a time: clamp(round((value − mean) · mantissa / 2^shift)).
#ifndef EDGED_STANDARDIZE_NEON_H
#define EDGED_STANDARDIZE_NEON_H

#include <arm_neon.h>

#include "processor.h"

EDGED_INLINE int16x4_t edged_four_columns_neon(const int32_t *values, const int32_t *means,
                                               const int32_t *mantissas, const int32_t *shifts) {
  const int32x4_t v = vsubq_s32(vld1q_s32(values), vld1q_s32(means));
  const int32x4_t m = vld1q_s32(mantissas), s = vnegq_s32(vld1q_s32(shifts));
  const int64x2_t low =
      vrshlq_s64(vmull_s32(vget_low_s32(v), vget_low_s32(m)), vmovl_s32(vget_low_s32(s)));
  const int64x2_t high = vrshlq_s64(vmull_high_s32(v, m), vmovl_high_s32(s));
  return vqmovn_s32(vqmovn_high_s64(vqmovn_s64(low), high));
}

// Returns how many of `count` columns it wrote: all whole vectors.
static inline size_t edged_standardize_neon(const int32_t *values, const int32_t *means,
                                            const int32_t *mantissas, const int32_t *shifts,
                                            size_t count, int8_t *codes) {
  size_t n = 0;
  for (; n + 8 <= count; n += 8) {
    const int16x4_t first =
        edged_four_columns_neon(values + n, means + n, mantissas + n, shifts + n);
    const int16x4_t second =
        edged_four_columns_neon(values + n + 4, means + n + 4, mantissas + n + 4, shifts + n + 4);
    vst1_s8(codes + n, vqmovn_s16(vcombine_s16(first, second)));
  }
  return n;
}

#endif
