// (sum · mantissa + 2^(shift−1)) >> shift in 64 bits, kept to 32: SMULL, then SRSHL by a negative count, which rounds.
#ifndef EDGED_RESCALE_NEON_H
#define EDGED_RESCALE_NEON_H

#include <arm_neon.h>

#include "processor.h"

EDGED_INLINE int32x4_t edged_rescale_four_neon(int32x4_t sums, int32x4_t mantissas,
                                               int32x4_t shifts) {
  const int32x4_t left = vnegq_s32(shifts);
  const int64x2_t low = vrshlq_s64(vmull_s32(vget_low_s32(sums), vget_low_s32(mantissas)),
                                   vmovl_s32(vget_low_s32(left)));
  const int64x2_t high = vrshlq_s64(vmull_high_s32(sums, mantissas), vmovl_high_s32(left));
  return vcombine_s32(vmovn_s64(low), vmovn_s64(high));
}

EDGED_INLINE int32x4_t edged_rescale_loaded_neon(const int32_t *sums, const int32_t *mantissas,
                                                 const int32_t *shifts) {
  return edged_rescale_four_neon(vld1q_s32(sums), vld1q_s32(mantissas), vld1q_s32(shifts));
}

// Rescales `count` sums, a multiple of 16, in place.
static inline void edged_rescale_neon(int32_t *sums, const int32_t *mantissas,
                                      const int32_t *shifts, size_t count) {
  for (size_t n = 0; n < count; n += 4)
    vst1q_s32(sums + n, edged_rescale_loaded_neon(sums + n, mantissas + n, shifts + n));
}

// Sixteen 32-bit numbers around `zero`, saturated to codes.
EDGED_INLINE int8x16_t edged_codes_neon(const int32x4_t values[4], int32x4_t zero) {
  int16x4_t words[4];
#pragma clang loop unroll(full)
  for (int q = 0; q < 4; q++) words[q] = vqmovn_s32(vaddq_s32(values[q], zero));
  return vcombine_s8(vqmovn_s16(vcombine_s16(words[0], words[1])),
                     vqmovn_s16(vcombine_s16(words[2], words[3])));
}

// Sixteen sums to codes, none below `floor`.
EDGED_INLINE int8x16_t edged_requantize_sixteen_neon(const int32_t *sums, const int32_t *mantissas,
                                                     const int32_t *shifts, int32x4_t zero,
                                                     int8x16_t floor) {
  int32x4_t values[4];
#pragma clang loop unroll(full)
  for (int q = 0; q < 4; q++)
    values[q] = edged_rescale_loaded_neon(sums + 4 * q, mantissas + 4 * q, shifts + 4 * q);
  return vmaxq_s8(edged_codes_neon(values, zero), floor);
}

// Takes `count` sums to codes, none below `least`. The arrays of 32-bit numbers are padded to a multiple of 16.
static inline void edged_requantize_neon(const int32_t *sums, const int32_t *mantissas,
                                         const int32_t *shifts, size_t count, int32_t zero_point,
                                         int32_t least, int8_t *codes) {
  const int32x4_t zero = vdupq_n_s32(zero_point);
  const int8x16_t floor = vdupq_n_s8((int8_t)least);
  size_t n = 0;
  for (; n + 16 <= count; n += 16)
    vst1q_s8(codes + n,
             edged_requantize_sixteen_neon(sums + n, mantissas + n, shifts + n, zero, floor));
  if (n < count) {
    const int8x16_t rest =
        edged_requantize_sixteen_neon(sums + n, mantissas + n, shifts + n, zero, floor);
    __builtin_memcpy(codes + n, &rest, count - n);
  }
}

#endif
