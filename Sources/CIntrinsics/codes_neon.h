// Operations on codes between products, four at a time in 32 bits: sums of two grids, conversion between grids, and centring. Whole
// groups of sixteen are processed in a loop without calls; the rest goes through copies, so that nothing is read or written past the end.
#ifndef EDGED_CODES_NEON_H
#define EDGED_CODES_NEON_H

#include <arm_neon.h>

#include "processor.h"
#include "rescale_neon.h"

// Sixteen codes in four registers.
EDGED_INLINE void edged_load_codes_neon(const int8_t *codes, int32x4_t values[4]) {
  const int8x16_t bytes = vld1q_s8(codes);
  const int16x8_t low = vmovl_s8(vget_low_s8(bytes)), high = vmovl_high_s8(bytes);
  values[0] = vmovl_s16(vget_low_s16(low));
  values[1] = vmovl_high_s16(low);
  values[2] = vmovl_s16(vget_low_s16(high));
  values[3] = vmovl_high_s16(high);
}

// Constants for adding two grids: both scales, everything that is added before the shift, and what follows it.
typedef struct {
  int32x4_t offset, left_shift, zero_point;
  int32_t left_scale, right_scale;
  int8x16_t floor;
} edged_sum_neon;

EDGED_INLINE void edged_sum_sixteen_neon(const edged_sum_neon *by, const int8_t *left,
                                         const int8_t *right, int8_t *codes) {
  int32x4_t sums[4], others[4];
  edged_load_codes_neon(left, sums);
  edged_load_codes_neon(right, others);
#pragma clang loop unroll(full)
  for (int q = 0; q < 4; q++)
    sums[q] = vrshlq_s32(
        vmlaq_n_s32(vmlaq_n_s32(by->offset, sums[q], by->left_scale), others[q], by->right_scale),
        by->left_shift);
  vst1q_s8(codes, vmaxq_s8(edged_codes_neon(sums, by->zero_point), by->floor));
}

// ((left − left_zero) · left_scale + (right − right_zero) · right_scale + half) >> shift, plus a zero point, for `count` codes, with
// results of at least `least`. (The zeros are combined into one offset: it may wrap, which cancels out if the sum does not.)
static inline void edged_add_codes_neon(const int8_t *left, const int8_t *right, size_t count,
                                        int32_t left_zero, int32_t right_zero, int32_t left_scale,
                                        int32_t right_scale, int32_t shift, int32_t zero_point,
                                        int32_t least, int8_t *codes) {
  const uint32_t offset =
      0u - (uint32_t)left_zero * (uint32_t)left_scale - (uint32_t)right_zero * (uint32_t)right_scale;
  const edged_sum_neon by = {vdupq_n_s32((int32_t)offset), vdupq_n_s32(-shift),
                             vdupq_n_s32(zero_point),      left_scale,
                             right_scale,                  vdupq_n_s8((int8_t)least)};
  size_t n = 0;
  for (; n + 16 <= count; n += 16) edged_sum_sixteen_neon(&by, left + n, right + n, codes + n);
  if (n < count) {
    int8_t l[16] = {0}, r[16] = {0}, sums[16];
    __builtin_memcpy(l, left + n, count - n);
    __builtin_memcpy(r, right + n, count - n);
    edged_sum_sixteen_neon(&by, l, r, sums);
    __builtin_memcpy(codes + n, sums, count - n);
  }
}

// Constants for converting codes to another grid.
typedef struct {
  int32x4_t zero, mantissa, left_shift, zero_point;
} edged_move_neon;

// Sixteen codes. They are shifted left by 20 bits and the products doubled (SQDMULH), whose upper halves then lack 11 bits. At least 13
// more are shifted out, rounded by SRSHL, which those 11 cannot change.
EDGED_INLINE void edged_move_sixteen_neon(const edged_move_neon *by, const int8_t *from,
                                          int8_t *codes) {
  int32x4_t values[4];
  edged_load_codes_neon(from, values);
#pragma clang loop unroll(full)
  for (int q = 0; q < 4; q++) {
    values[q] = vshlq_n_s32(vsubq_s32(values[q], by->zero), 20);
    values[q] = vrshlq_s32(vqdmulhq_s32(values[q], by->mantissa), by->left_shift);
  }
  vst1q_s8(codes, edged_codes_neon(values, by->zero_point));
}

// Converts `count` codes around `zero` to a grid with another zero point, by one mantissa and shift.
static inline void edged_move_codes_neon(const int8_t *from, size_t count, int32_t zero,
                                         int32_t mantissa, int32_t shift, int32_t zero_point,
                                         int8_t *codes) {
  const edged_move_neon by = {vdupq_n_s32(zero), vdupq_n_s32(mantissa),
                              vdupq_n_s32(31 - 20 - shift), vdupq_n_s32(zero_point)};
  size_t n = 0;
  for (; n + 16 <= count; n += 16) edged_move_sixteen_neon(&by, from + n, codes + n);
  if (n < count) {
    int8_t rest[16] = {0}, moved[16];
    __builtin_memcpy(rest, from + n, count - n);
    edged_move_sixteen_neon(&by, rest, moved);
    __builtin_memcpy(codes + n, moved, count - n);
  }
}

// Constants for centring.
typedef struct {
  int32x4_t zero;
  edged_rescalers_neon rescale;
  int16x8_t zero_point;
  int8x16_t floor;
} edged_centre_neon;

// Four codes less their offsets, rescaled, and saturated to 16 bits, because they may exceed 32.
EDGED_INLINE int16x4_t edged_centre_four_neon(const edged_centre_neon *by, int32x4_t codes,
                                              int32x4_t offsets) {
  const edged_rescalers_neon *const rescale = &by->rescale;
  const int32x4_t steps = vsubq_s32(vshlq_n_s32(vsubq_s32(codes, by->zero), 8), offsets);
  const int64x2_t low = vmull_s32(vget_low_s32(steps), vget_low_s32(rescale->mantissas));
  const int64x2_t high = vmull_high_s32(steps, rescale->mantissas);
  return vqmovn_s32(vcombine_s32(vqmovn_s64(vrshlq_s64(low, rescale->low)),
                                 vqmovn_s64(vrshlq_s64(high, rescale->high))));
}

EDGED_INLINE void edged_centre_sixteen_neon(const edged_centre_neon *by, const int8_t *from,
                                            const int32_t *offsets, int8_t *codes) {
  int32x4_t values[4];
  int16x4_t words[4];
  edged_load_codes_neon(from, values);
#pragma clang loop unroll(full)
  for (int q = 0; q < 4; q++)
    words[q] = edged_centre_four_neon(by, values[q], vld1q_s32(offsets + 4 * q));
  const int16x8_t low = vqaddq_s16(vcombine_s16(words[0], words[1]), by->zero_point);
  const int16x8_t high = vqaddq_s16(vcombine_s16(words[2], words[3]), by->zero_point);
  vst1q_s8(codes, vmaxq_s8(vcombine_s8(vqmovn_s16(low), vqmovn_s16(high)), by->floor));
}

// ((code − zero) · 256 − offset) · mantissa >> shift, rounded, plus a zero point, for `count` codes, with results of at least `least`.
static inline void edged_centre_codes_neon(const int8_t *from, const int32_t *offsets, size_t count,
                                           int32_t zero, int32_t mantissa, int32_t shift,
                                           int32_t zero_point, int32_t least, int8_t *codes) {
  const edged_centre_neon by = {
      vdupq_n_s32(zero), edged_rescalers_of_neon(vdupq_n_s32(mantissa), vdupq_n_s32(shift)),
      vdupq_n_s16((int16_t)zero_point), vdupq_n_s8((int8_t)least)};
  size_t n = 0;
  for (; n + 16 <= count; n += 16) edged_centre_sixteen_neon(&by, from + n, offsets + n, codes + n);
  if (n < count) {
    int8_t rest[16] = {0}, centred[16];
    int32_t less[16] = {0};
    __builtin_memcpy(rest, from + n, count - n);
    __builtin_memcpy(less, offsets + n, 4 * (count - n));
    edged_centre_sixteen_neon(&by, rest, less, centred);
    __builtin_memcpy(codes + n, centred, count - n);
  }
}

#endif
