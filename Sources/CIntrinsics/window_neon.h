// Window.swift and Level.swift with NEON, eight samples at a time.
#ifndef EDGED_WINDOW_NEON_H
#define EDGED_WINDOW_NEON_H

#include "lanes_neon.h"

// The bitwise union of the magnitudes of `count` samples, at least 16.
static inline int32_t edged_magnitudes_neon(const int16_t *samples, size_t count) {
  uint16x8_t all = vdupq_n_u16(0);
  for (size_t next = 0; next < count; next += 8) {
    const size_t n = next + 8 <= count ? next : count - 8;
    const int16x8_t v = vld1q_s16(samples + n);
    all = vorrq_u16(all, vreinterpretq_u16_s16(veorq_s16(v, vshrq_n_s16(v, 15))));
  }
  const uint64x2_t halves = vreinterpretq_u64_u16(all);
  uint64_t bits = vgetq_lane_u64(halves, 0) | vgetq_lane_u64(halves, 1);
  bits |= bits >> 32;
  bits |= bits >> 16;
  return (int32_t)(bits & 0x7fff);
}

// Applies the window to `count` samples, an even number of at least 16, shifted left by `shift`: even ones to `real`, odd ones to
// `imaginary`.
static inline void edged_window_neon(const int16_t *samples, const int32_t *weights, size_t count,
                                     int32_t shift, int32_t *real, int32_t *imaginary) {
  const int32x4_t left = vdupq_n_s32(shift);
  for (size_t next = 0; next < count; next += 8) {
    const size_t n = next + 8 <= count ? next : count - 8;
    const int16x4x2_t v = vld2_s16(samples + n);
    const int32x4x2_t w = vld2q_s32(weights + n);
    vst1q_s32(real + n / 2, vqrdmulhq_s32(vshlq_s32(vmovl_s16(v.val[0]), left), w.val[0]));
    vst1q_s32(imaginary + n / 2, vqrdmulhq_s32(vshlq_s32(vmovl_s16(v.val[1]), left), w.val[1]));
  }
}

// The sum of `count` ≤ 2048 samples and that of their squares. Returns how many were processed: all whole vectors.
static inline size_t edged_moments_neon(const int16_t *samples, size_t count, int64_t *sum,
                                        int64_t *squares) {
  int32x4_t sums = vdupq_n_s32(0);
  int64x2_t wide = vdupq_n_s64(0);
  size_t n = 0;
  for (; n + 8 <= count; n += 8) {
    const int16x8_t v = vld1q_s16(samples + n);
    sums = vpadalq_s16(sums, v);
    wide = vpadalq_s32(wide, vmull_s16(vget_low_s16(v), vget_low_s16(v)));
    wide = vpadalq_s32(wide, vmull_high_s16(v, v));
  }
  *sum = vaddvq_s32(sums);
  *squares = vaddvq_s64(wide);
  return n;
}

#endif
