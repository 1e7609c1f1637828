// Four 32-bit numbers at a time: the primitives of `transform_template.h`, for 64-bit ARM.
#ifndef EDGED_LANES_NEON_H
#define EDGED_LANES_NEON_H

#include <arm_neon.h>

#include "processor.h"

typedef int32x4_t edged_lanes_neon;

EDGED_INLINE int32x4_t edged_load_neon(const int32_t *from) { return vld1q_s32(from); }

EDGED_INLINE void edged_store_neon(int32_t *to, int32x4_t v) { vst1q_s32(to, v); }

EDGED_INLINE int32x4_t edged_all_neon(int32_t value) { return vdupq_n_s32(value); }

// One number repeated four times.
EDGED_INLINE int32x4_t edged_spread_neon(const int32_t *from) { return vld1q_dup_s32(from); }

EDGED_INLINE int32x4_t edged_reversed_neon(int32x4_t v) {
  const int32x4_t swapped = vrev64q_s32(v);
  return vextq_s32(swapped, swapped, 2);
}

EDGED_INLINE void edged_store_groups_neon(int32_t *to, int32x4_t a, int32x4_t b, int32x4_t c,
                                          int32x4_t d) {
  vst1q_s32(to, a);
  vst1q_s32(to + 4, b);
  vst1q_s32(to + 8, c);
  vst1q_s32(to + 12, d);
}

// Single numbers interleaved as a₀ b₀ c₀ d₀ a₁ …
EDGED_INLINE void edged_store_mixed_neon(int32_t *to, int32x4_t a, int32x4_t b, int32x4_t c,
                                         int32x4_t d) {
  const int32x4x4_t all = {{a, b, c, d}};
  vst4q_s32(to, all);
}

// (x + iy)(u + iv) in Q31, every real product rounded: SQRDMULH.
EDGED_INLINE void edged_turn_neon(int32x4_t x, int32x4_t y, int32x4_t u, int32x4_t v,
                                  int32x4_t *real, int32x4_t *imaginary) {
  *real = vsubq_s32(vqrdmulhq_s32(x, u), vqrdmulhq_s32(y, v));
  *imaginary = vaddq_s32(vqrdmulhq_s32(x, v), vqrdmulhq_s32(y, u));
}

// x² + y² in 64 bits, in forward or reverse order.
EDGED_INLINE void edged_store_powers_neon(uint64_t *to, int32x4_t x, int32x4_t y,
                                          int is_reversed) {
  const int32x4_t X = is_reversed ? edged_reversed_neon(x) : x;
  const int32x4_t Y = is_reversed ? edged_reversed_neon(y) : y;
  const int64x2_t low = vmlal_s32(vmull_s32(vget_low_s32(X), vget_low_s32(X)), vget_low_s32(Y),
                                  vget_low_s32(Y));
  const int64x2_t high = vmlal_high_s32(vmull_high_s32(X, X), Y, Y);
  vst1q_u64(to, vreinterpretq_u64_s64(low));
  vst1q_u64(to + 2, vreinterpretq_u64_s64(high));
}

#endif
