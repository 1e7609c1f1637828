// One step of an LSTM's cell and state with NEON, eight units at a time. See LSTMSteps.swift and Sigmoid.swift for the definition.
#ifndef EDGED_LSTM_NEON_H
#define EDGED_LSTM_NEON_H

#include <arm_neon.h>

#include "processor.h"
#include "rescale_neon.h"

// The cubics' coefficients, low bytes and high bytes separately.
typedef struct {
  uint8x16x2_t bytes[4];
} edged_cubics_neon;

EDGED_INLINE edged_cubics_neon edged_cubics_load_neon(const int16_t *coefficients) {
  edged_cubics_neon cubics;
#pragma clang loop unroll(full)
  for (int power = 0; power < 4; power++)
    cubics.bytes[power] = vld2q_u8((const uint8_t *)(coefficients + 16 * power));
  return cubics;
}

// σ(x) − ½ in Q0.16 for x in Q4.11.
EDGED_INLINE int16x8_t edged_centered_neon(const edged_cubics_neon *cubics, int16x8_t x) {
  const int16x8_t sign = vshrq_n_s16(x, 15);
  const int16x8_t magnitude = vqabsq_s16(x);
  const uint8x8_t segment = vmovn_u16(vreinterpretq_u16_s16(vshrq_n_s16(magnitude, 11)));
  const int16x8_t fraction = vshlq_n_s16(vandq_s16(magnitude, vdupq_n_s16(2047)), 4);
#define EDGED_COEFFICIENT(power)                                                       \
  vreinterpretq_s16_u8(vcombine_u8(                                                    \
      vzip1_u8(vqtbl1_u8(cubics->bytes[power].val[0], segment),                        \
               vqtbl1_u8(cubics->bytes[power].val[1], segment)),                       \
      vzip2_u8(vqtbl1_u8(cubics->bytes[power].val[0], segment),                        \
               vqtbl1_u8(cubics->bytes[power].val[1], segment))))
  int16x8_t sum = EDGED_COEFFICIENT(3);
  sum = vaddq_s16(EDGED_COEFFICIENT(2), vqrdmulhq_s16(sum, fraction));
  sum = vaddq_s16(EDGED_COEFFICIENT(1), vqrdmulhq_s16(sum, fraction));
  sum = vqaddq_s16(EDGED_COEFFICIENT(0), vqrdmulhq_s16(sum, fraction));
#undef EDGED_COEFFICIENT
  sum = vmaxq_s16(sum, vdupq_n_s16(0));
  return vsubq_s16(veorq_s16(sum, sign), sign);
}

// σ(x) in Q0.15 for x in Q4.11.
EDGED_INLINE int16x8_t edged_logistic_neon(const edged_cubics_neon *cubics, int16x8_t x) {
  return vqaddq_s16(vrshrq_n_s16(edged_centered_neon(cubics, x), 1), vdupq_n_s16(16384));
}

// Four recurrent sums, rescaled, plus the input's sums, which already are.
EDGED_INLINE int32x4_t edged_sums_neon(const int32_t *input, const int32_t *recurrent,
                                       const int32_t *mantissas, const int32_t *shifts) {
  return vaddq_s32(vld1q_s32(input), edged_rescale_loaded_neon(recurrent, mantissas, shifts));
}

// The sums of both products, saturated to eight 16-bit gates.
EDGED_INLINE int16x8_t edged_gates_neon(const int32_t *input, const int32_t *recurrent,
                                        const int32_t *mantissas, const int32_t *shifts) {
  return vcombine_s16(
      vqmovn_s32(edged_sums_neon(input, recurrent, mantissas, shifts)),
      vqmovn_s32(edged_sums_neon(input + 4, recurrent + 4, mantissas + 4, shifts + 4)));
}

// Advances all whole groups of eight units in `hidden`, from the rescaled sums of the input's 4·hidden gates and the recurrent ones with
// their rescalers, and returns the number of units.
static inline size_t edged_lstm_neon(const int32_t *input, const int32_t *recurrent,
                                     const int32_t *mantissas, const int32_t *shifts, size_t hidden,
                                     const int16_t *coefficients, int32_t cell_fraction_bits,
                                     int32_t mantissa, int32_t shift, int32_t zero_point,
                                     int16_t *cell, int8_t *state) {
  const edged_cubics_neon cubics = edged_cubics_load_neon(coefficients);
  const int32x4_t new_left = vdupq_n_s32(cell_fraction_bits - 30);
  // Shifted left with saturation, or right with rounding, to Q3.12.
  const int16x8_t argument_left = vdupq_n_s16((int16_t)(12 - cell_fraction_bits));
  const int32x4_t said_mantissa = vdupq_n_s32(mantissa);
  const int32x4_t said_shift = vdupq_n_s32(shift);
  const int32x4_t zero = vdupq_n_s32(zero_point);
  size_t unit = 0;
  for (; unit + 8 <= hidden; unit += 8) {
#define EDGED_GATE(gate)                                                                \
  edged_gates_neon(input + (gate) * hidden + unit, recurrent + (gate) * hidden + unit, \
                   mantissas + (gate) * hidden + unit, shifts + (gate) * hidden + unit)
    const int16x8_t in = edged_logistic_neon(&cubics, EDGED_GATE(0));
    const int16x8_t forget = edged_logistic_neon(&cubics, EDGED_GATE(1));
    const int16x8_t gate = EDGED_GATE(2);
    const int16x8_t candidate = edged_centered_neon(&cubics, vqaddq_s16(gate, gate));
    const int16x8_t out = edged_logistic_neon(&cubics, EDGED_GATE(3));
#undef EDGED_GATE

    const int16x8_t added = vcombine_s16(
        vqmovn_s32(vrshlq_s32(vmull_s16(vget_low_s16(in), vget_low_s16(candidate)), new_left)),
        vqmovn_s32(vrshlq_s32(vmull_high_s16(in, candidate), new_left)));
    const int16x8_t next = vqaddq_s16(vqrdmulhq_s16(forget, vld1q_s16(cell + unit)), added);
    vst1q_s16(cell + unit, next);

    const int16x8_t tangent = edged_centered_neon(&cubics, vqrshlq_s16(next, argument_left));
    const int32x4_t first = vaddq_s32(
        edged_rescale_four_neon(vmull_s16(vget_low_s16(out), vget_low_s16(tangent)), said_mantissa,
                                said_shift),
        zero);
    const int32x4_t second =
        vaddq_s32(edged_rescale_four_neon(vmull_high_s16(out, tangent), said_mantissa, said_shift), zero);
    vst1_s8(state + unit, vqmovn_s16(vcombine_s16(vqmovn_s32(first), vqmovn_s32(second))));
  }
  return unit;
}

#endif
