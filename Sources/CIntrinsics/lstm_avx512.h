// One step of an LSTM's cell and state with AVX-512, thirty-two units at a time. See LSTM.swift and Sigmoid.swift for what it computes.
#ifndef EDGED_LSTM_AVX512_H
#define EDGED_LSTM_AVX512_H

#include <immintrin.h>

#include "processor.h"
#include "rescale_avx512.h"

// The cubics' coefficients, sixteen segments of two powers in a register.
typedef struct {
  __m512i low, high;
} edged_cubics_avx512;

// σ(x) − ½ in Q0.16 of x in Q4.11.
EDGED_INLINE EDGED_AVX512 __m512i edged_centered_avx512(const edged_cubics_avx512 *cubics,
                                                        __m512i x) {
  const __m512i sign = _mm512_srai_epi16(x, 15);
  const __m512i magnitude = _mm512_min_epu16(_mm512_abs_epi16(x), _mm512_set1_epi16(32767));
  const __m512i first = _mm512_srli_epi16(magnitude, 11);
  const __m512i second = _mm512_or_si512(first, _mm512_set1_epi16(16));
  const __m512i fraction =
      _mm512_slli_epi16(_mm512_and_si512(magnitude, _mm512_set1_epi16(2047)), 4);
  __m512i sum = _mm512_permutexvar_epi16(second, cubics->high);
  sum = _mm512_add_epi16(_mm512_permutexvar_epi16(first, cubics->high),
                         _mm512_mulhrs_epi16(sum, fraction));
  sum = _mm512_add_epi16(_mm512_permutexvar_epi16(second, cubics->low),
                         _mm512_mulhrs_epi16(sum, fraction));
  sum = _mm512_adds_epi16(_mm512_permutexvar_epi16(first, cubics->low),
                          _mm512_mulhrs_epi16(sum, fraction));
  sum = _mm512_max_epi16(sum, _mm512_setzero_si512());
  return _mm512_sub_epi16(_mm512_xor_si512(sum, sign), sign);
}

// σ(x) in Q0.15 of x in Q4.11. (A rounded product with ½ is (c + 1) >> 1.)
EDGED_INLINE EDGED_AVX512 __m512i edged_logistic_avx512(const edged_cubics_avx512 *cubics,
                                                        __m512i x) {
  const __m512i half = _mm512_set1_epi16(16384);
  return _mm512_adds_epi16(_mm512_mulhrs_epi16(edged_centered_avx512(cubics, x), half), half);
}

// Sixteen sums of the recurrent product, rescaled, and those of the input's, which are; only those of `mask`.
EDGED_INLINE EDGED_AVX512 __m512i edged_sums_avx512(__mmask16 mask, const int32_t *input,
                                                    const int32_t *recurrent,
                                                    const int32_t *mantissas,
                                                    const int32_t *shifts) {
  const __m512i rescaled = edged_rescale_sixteen_avx512(
      _mm512_maskz_loadu_epi32(mask, recurrent), _mm512_maskz_loadu_epi32(mask, mantissas),
      _mm512_mask_loadu_epi32(_mm512_set1_epi32(62), mask, shifts));
  return _mm512_add_epi32(_mm512_maskz_loadu_epi32(mask, input), rescaled);
}

// The sums of both products, saturated to thirty-two 16-bit gates.
EDGED_INLINE EDGED_AVX512 __m512i edged_gates_avx512(__mmask32 mask, const int32_t *input,
                                                     const int32_t *recurrent,
                                                     const int32_t *mantissas,
                                                     const int32_t *shifts) {
  const __m512i first =
      edged_sums_avx512((__mmask16)mask, input, recurrent, mantissas, shifts);
  const __m512i second = edged_sums_avx512((__mmask16)(mask >> 16), input + 16, recurrent + 16,
                                           mantissas + 16, shifts + 16);
  return _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7),
                                  _mm512_packs_epi32(first, second));
}

// Advances `hidden` units, from the rescaled sums of the input's 4·hidden gates and the recurrent ones with their rescalers.
static inline EDGED_AVX512 void edged_lstm_avx512(
    const int32_t *input, const int32_t *recurrent, const int32_t *mantissas, const int32_t *shifts,
    size_t hidden, const int16_t *coefficients, int32_t cell_fraction_bits, int32_t mantissa,
    int32_t shift, int32_t zero_point, int16_t *cell, int8_t *state) {
  const edged_cubics_avx512 cubics = {_mm512_loadu_si512(coefficients),
                                      _mm512_loadu_si512(coefficients + 32)};
  const int32_t new_shift = 30 - cell_fraction_bits;
  const __m128i new_count = _mm_cvtsi32_si128(new_shift);
  const __m512i new_half = _mm512_set1_epi32(1 << (new_shift - 1));
  const int32_t down = cell_fraction_bits - 12;
  const __m512i said_mantissa = _mm512_set1_epi32(mantissa);
  const __m512i said_shift = _mm512_set1_epi32(shift);
  const __m512i zero = _mm512_set1_epi32(zero_point);
  for (size_t unit = 0; unit < hidden; unit += 32) {
    const __mmask32 mask = hidden - unit < 32 ? (1u << (hidden - unit)) - 1 : ~0u;
#define EDGED_GATE(gate)                                                                      \
  edged_gates_avx512(mask, input + (gate) * hidden + unit, recurrent + (gate) * hidden + unit, \
                     mantissas + (gate) * hidden + unit, shifts + (gate) * hidden + unit)
    const __m512i in = edged_logistic_avx512(&cubics, EDGED_GATE(0));
    const __m512i forget = edged_logistic_avx512(&cubics, EDGED_GATE(1));
    const __m512i gate = EDGED_GATE(2);
    const __m512i candidate = edged_centered_avx512(&cubics, _mm512_adds_epi16(gate, gate));
    const __m512i out = edged_logistic_avx512(&cubics, EDGED_GATE(3));
#undef EDGED_GATE

    const __m512i low = _mm512_mullo_epi16(in, candidate);
    const __m512i high = _mm512_mulhi_epi16(in, candidate);
    const __m512i added = _mm512_packs_epi32(
        _mm512_sra_epi32(_mm512_add_epi32(_mm512_unpacklo_epi16(low, high), new_half), new_count),
        _mm512_sra_epi32(_mm512_add_epi32(_mm512_unpackhi_epi16(low, high), new_half), new_count));
    __m512i next = _mm512_maskz_loadu_epi16(mask, cell + unit);
    next = _mm512_adds_epi16(_mm512_mulhrs_epi16(forget, next), added);
    _mm512_mask_storeu_epi16(cell + unit, mask, next);

    // The cell in Q3.12: rounded down to it, or doubled with saturation up to it.
    __m512i argument = next;
    if (down > 0)
      argument = _mm512_add_epi16(
          _mm512_sra_epi16(next, _mm_cvtsi32_si128(down)),
          _mm512_and_si512(_mm512_sra_epi16(next, _mm_cvtsi32_si128(down - 1)),
                           _mm512_set1_epi16(1)));
    for (int32_t up = down; up < 0; up++) argument = _mm512_adds_epi16(argument, argument);
    const __m512i tangent = edged_centered_avx512(&cubics, argument);

    const __m512i said_low = _mm512_mullo_epi16(out, tangent);
    const __m512i said_high = _mm512_mulhi_epi16(out, tangent);
    const __m512i first = edged_rescale_sixteen_avx512(_mm512_unpacklo_epi16(said_low, said_high),
                                                       said_mantissa, said_shift);
    const __m512i second = edged_rescale_sixteen_avx512(_mm512_unpackhi_epi16(said_low, said_high),
                                                        said_mantissa, said_shift);
    const __m512i words =
        _mm512_packs_epi32(_mm512_add_epi32(first, zero), _mm512_add_epi32(second, zero));
    _mm512_mask_cvtsepi16_storeu_epi8(state + unit, mask, words);
  }
}

#endif
