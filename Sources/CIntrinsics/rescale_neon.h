// (sum · mantissa + 2^(shift−1)) >> shift in 64 bits, truncated to 32: SMULL, then SRSHL by a negative count, which rounds.
#ifndef EDGED_RESCALE_NEON_H
#define EDGED_RESCALE_NEON_H

#include <arm_neon.h>

#include "processor.h"

// How four sums are rescaled: the counts are negative, because SRSHL shifts left.
typedef struct {
  int32x4_t mantissas;
  int64x2_t low, high;
} edged_rescalers_neon;

EDGED_INLINE edged_rescalers_neon edged_rescalers_of_neon(int32x4_t mantissas, int32x4_t shifts) {
  const int32x4_t left = vnegq_s32(shifts);
  return (edged_rescalers_neon){mantissas, vmovl_s32(vget_low_s32(left)), vmovl_high_s32(left)};
}

EDGED_INLINE int32x4_t edged_rescaled_neon(const edged_rescalers_neon *by, int32x4_t sums) {
  const int64x2_t low =
      vrshlq_s64(vmull_s32(vget_low_s32(sums), vget_low_s32(by->mantissas)), by->low);
  const int64x2_t high = vrshlq_s64(vmull_high_s32(sums, by->mantissas), by->high);
  return vcombine_s32(vmovn_s64(low), vmovn_s64(high));
}

EDGED_INLINE int32x4_t edged_rescale_four_neon(int32x4_t sums, int32x4_t mantissas,
                                               int32x4_t shifts) {
  const edged_rescalers_neon by = edged_rescalers_of_neon(mantissas, shifts);
  return edged_rescaled_neon(&by, sums);
}

EDGED_INLINE int32x4_t edged_rescale_loaded_neon(const int32_t *sums, const int32_t *mantissas,
                                                 const int32_t *shifts) {
  return edged_rescale_four_neon(vld1q_s32(sums), vld1q_s32(mantissas), vld1q_s32(shifts));
}

// Rescales `rows` rows of `count` sums, a multiple of 16, in place.
static inline void edged_rescale_neon(int32_t *sums, size_t rows, const int32_t *mantissas,
                                      const int32_t *shifts, size_t count) {
  for (size_t n = 0; n < count; n += 4) {
    const edged_rescalers_neon by =
        edged_rescalers_of_neon(vld1q_s32(mantissas + n), vld1q_s32(shifts + n));
    for (size_t t = 0; t < rows; t++) {
      int32_t *const at = sums + t * count + n;
      vst1q_s32(at, edged_rescaled_neon(&by, vld1q_s32(at)));
    }
  }
}

// Sixteen 32-bit numbers around `zero`, saturated to codes.
EDGED_INLINE int8x16_t edged_codes_neon(const int32x4_t values[4], int32x4_t zero) {
  int16x4_t words[4];
#pragma clang loop unroll(full)
  for (int q = 0; q < 4; q++) words[q] = vqmovn_s32(vaddq_s32(values[q], zero));
  return vcombine_s8(vqmovn_s16(vcombine_s16(words[0], words[1])),
                     vqmovn_s16(vcombine_s16(words[2], words[3])));
}

// Converts `rows` rows of sums, each padded to a multiple of 16 like the other arrays of 32-bit numbers, to dense rows of `count` codes
// of at least `least`.
static inline void edged_requantize_neon(const int32_t *sums, size_t rows,
                                         const int32_t *mantissas, const int32_t *shifts,
                                         size_t count, int32_t zero_point, int32_t least,
                                         int8_t *codes) {
  const int32x4_t zero = vdupq_n_s32(zero_point);
  const int8x16_t floor = vdupq_n_s8((int8_t)least);
  const size_t padded = (count + 15) & ~(size_t)15;
  for (size_t n = 0; n < count; n += 16) {
    edged_rescalers_neon by[4];
#pragma clang loop unroll(full)
    for (int q = 0; q < 4; q++)
      by[q] = edged_rescalers_of_neon(vld1q_s32(mantissas + n + 4 * q),
                                      vld1q_s32(shifts + n + 4 * q));
    for (size_t t = 0; t < rows; t++) {
      int32x4_t values[4];
#pragma clang loop unroll(full)
      for (int q = 0; q < 4; q++)
        values[q] = edged_rescaled_neon(&by[q], vld1q_s32(sums + t * padded + n + 4 * q));
      const int8x16_t sixteen = vmaxq_s8(edged_codes_neon(values, zero), floor);
      int8_t *const to = codes + t * count + n;
      if (n + 16 <= count)
        vst1q_s8(to, sixteen);
      else
        __builtin_memcpy(to, &sixteen, count - n);
    }
  }
}

#endif
