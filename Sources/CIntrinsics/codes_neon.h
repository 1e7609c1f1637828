// What happens to codes between products, four at a time in 32 bits: sums of two grids, and the way from one grid to another.
#ifndef EDGED_CODES_NEON_H
#define EDGED_CODES_NEON_H

#include <arm_neon.h>

#include "processor.h"
#include "rescale_neon.h"

// Sixteen codes, of which the first `count` are read, less `zero`, in four registers.
EDGED_INLINE void edged_load_codes_neon(const int8_t *codes, size_t count, int32_t zero,
                                        int32x4_t values[4]) {
  int8x16_t bytes = vdupq_n_s8(0);
  if (count >= 16)
    bytes = vld1q_s8(codes);
  else
    __builtin_memcpy(&bytes, codes, count);
  const int16x8_t low = vmovl_s8(vget_low_s8(bytes)), high = vmovl_high_s8(bytes);
  const int32x4_t zeros = vdupq_n_s32(zero);
  values[0] = vsubq_s32(vmovl_s16(vget_low_s16(low)), zeros);
  values[1] = vsubq_s32(vmovl_high_s16(low), zeros);
  values[2] = vsubq_s32(vmovl_s16(vget_low_s16(high)), zeros);
  values[3] = vsubq_s32(vmovl_high_s16(high), zeros);
}

// Sixteen numbers around `zero_point` to codes, the first `count` of which are stored.
EDGED_INLINE void edged_store_codes_neon(const int32x4_t values[4], int32_t zero_point,
                                         int32_t least, size_t count, int8_t *codes) {
  int16x4_t words[4];
#pragma clang loop unroll(full)
  for (int q = 0; q < 4; q++)
    words[q] = vqmovn_s32(vaddq_s32(values[q], vdupq_n_s32(zero_point)));
  const int8x16_t bytes = vmaxq_s8(vcombine_s8(vqmovn_s16(vcombine_s16(words[0], words[1])),
                                               vqmovn_s16(vcombine_s16(words[2], words[3]))),
                                   vdupq_n_s8((int8_t)least));
  if (count >= 16)
    vst1q_s8(codes, bytes);
  else
    __builtin_memcpy(codes, &bytes, count);
}

// Adds `count` codes to as many others, ((left − left_zero) · left_scale + (right − right_zero) · right_scale + half) >>
// shift, plus a zero point; none of the result is below `least`.
static inline void edged_add_codes_neon(const int8_t *left, const int8_t *right, size_t count,
                                        int32_t left_zero, int32_t right_zero, int32_t left_scale,
                                        int32_t right_scale, int32_t shift, int32_t zero_point,
                                        int32_t least, int8_t *codes) {
  const int32x4_t right_shift = vdupq_n_s32(-shift);
  for (size_t n = 0; n < count; n += 16) {
    int32x4_t sums[4], others[4];
    edged_load_codes_neon(left + n, count - n, left_zero, sums);
    edged_load_codes_neon(right + n, count - n, right_zero, others);
#pragma clang loop unroll(full)
    for (int q = 0; q < 4; q++)
      sums[q] = vrshlq_s32(
          vmlaq_n_s32(vmulq_n_s32(sums[q], left_scale), others[q], right_scale), right_shift);
    edged_store_codes_neon(sums, zero_point, least, count - n, codes + n);
  }
}

// Takes `count` codes around `zero` to the grid of another zero point, by one mantissa and shift.
static inline void edged_move_codes_neon(const int8_t *from, size_t count, int32_t zero,
                                         int32_t mantissa, int32_t shift, int32_t zero_point,
                                         int8_t *codes) {
  const int32x4_t mantissas = vdupq_n_s32(mantissa), shifts = vdupq_n_s32(shift);
  for (size_t n = 0; n < count; n += 16) {
    int32x4_t values[4];
    edged_load_codes_neon(from + n, count - n, zero, values);
#pragma clang loop unroll(full)
    for (int q = 0; q < 4; q++)
      values[q] = edged_rescale_four_neon(values[q], mantissas, shifts);
    edged_store_codes_neon(values, zero_point, -128, count - n, codes + n);
  }
}

#endif
