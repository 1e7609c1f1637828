// One step of an LSTM's cell and state with AVX2, sixteen units at a time. See LSTMSteps.swift and Sigmoid.swift for the definition.
#ifndef EDGED_LSTM_AVX2_H
#define EDGED_LSTM_AVX2_H

#include <immintrin.h>

#include "processor.h"
#include "rescale_avx2.h"

// The cubics' coefficients as two byte tables each, for the low and the high bytes of 16 segments.
typedef struct {
  __m256i low[4], high[4];
} edged_cubics_avx2;

EDGED_INLINE EDGED_AVX2 edged_cubics_avx2 edged_cubics_load_avx2(const int16_t *coefficients) {
  edged_cubics_avx2 cubics;
  const __m128i byte = _mm_set1_epi16(0xff);
#pragma clang loop unroll(full)
  for (int power = 0; power < 4; power++) {
    const __m128i first = _mm_loadu_si128((const __m128i *)(coefficients + 16 * power));
    const __m128i second = _mm_loadu_si128((const __m128i *)(coefficients + 16 * power + 8));
    cubics.low[power] = _mm256_broadcastsi128_si256(
        _mm_packus_epi16(_mm_and_si128(first, byte), _mm_and_si128(second, byte)));
    cubics.high[power] = _mm256_broadcastsi128_si256(
        _mm_packus_epi16(_mm_srli_epi16(first, 8), _mm_srli_epi16(second, 8)));
  }
  return cubics;
}

// σ(x) − ½ in Q0.16 for x in Q4.11.
EDGED_INLINE EDGED_AVX2 __m256i edged_centered_avx2(const edged_cubics_avx2 *cubics, __m256i x) {
  const __m256i sign = _mm256_srai_epi16(x, 15);
  const __m256i magnitude = _mm256_min_epu16(_mm256_abs_epi16(x), _mm256_set1_epi16(32767));
  const __m256i segment = _mm256_srli_epi16(magnitude, 11);
  const __m256i fraction =
      _mm256_slli_epi16(_mm256_and_si256(magnitude, _mm256_set1_epi16(2047)), 4);
  // An index with its top bit set selects zero.
  const __m256i low = _mm256_or_si256(segment, _mm256_set1_epi16((short)0x8000));
  const __m256i high = _mm256_or_si256(_mm256_slli_epi16(segment, 8), _mm256_set1_epi16(0x80));
#define EDGED_COEFFICIENT(power)                                    \
  _mm256_or_si256(_mm256_shuffle_epi8(cubics->low[power], low),     \
                  _mm256_shuffle_epi8(cubics->high[power], high))
  __m256i sum = EDGED_COEFFICIENT(3);
  sum = _mm256_add_epi16(EDGED_COEFFICIENT(2), _mm256_mulhrs_epi16(sum, fraction));
  sum = _mm256_add_epi16(EDGED_COEFFICIENT(1), _mm256_mulhrs_epi16(sum, fraction));
  sum = _mm256_adds_epi16(EDGED_COEFFICIENT(0), _mm256_mulhrs_epi16(sum, fraction));
#undef EDGED_COEFFICIENT
  sum = _mm256_max_epi16(sum, _mm256_setzero_si256());
  return _mm256_sub_epi16(_mm256_xor_si256(sum, sign), sign);
}

// σ(x) in Q0.15 for x in Q4.11.
EDGED_INLINE EDGED_AVX2 __m256i edged_logistic_avx2(const edged_cubics_avx2 *cubics, __m256i x) {
  const __m256i centered = edged_centered_avx2(cubics, x);
  const __m256i halved = _mm256_add_epi16(_mm256_srai_epi16(centered, 1),
                                          _mm256_and_si256(centered, _mm256_set1_epi16(1)));
  return _mm256_adds_epi16(halved, _mm256_set1_epi16(16384));
}

// Eight recurrent sums, rescaled, plus the input's sums, which already are.
EDGED_INLINE EDGED_AVX2 __m256i edged_sums_avx2(const int32_t *input, const int32_t *recurrent,
                                                const int32_t *mantissas, const int32_t *shifts) {
  return _mm256_add_epi32(
      edged_eight_at_avx2(input),
      edged_rescale_eight_avx2(edged_eight_at_avx2(recurrent), edged_eight_at_avx2(mantissas),
                               edged_eight_at_avx2(shifts)));
}

// The sums of both products, saturated to sixteen 16-bit gates.
EDGED_INLINE EDGED_AVX2 __m256i edged_gates_avx2(const int32_t *input, const int32_t *recurrent,
                                                 const int32_t *mantissas, const int32_t *shifts) {
  const __m256i first = edged_sums_avx2(input, recurrent, mantissas, shifts);
  const __m256i second = edged_sums_avx2(input + 8, recurrent + 8, mantissas + 8, shifts + 8);
  return _mm256_permute4x64_epi64(_mm256_packs_epi32(first, second), _MM_SHUFFLE(3, 1, 2, 0));
}

// Advances all whole groups of sixteen units in `hidden`, from the rescaled sums of the input's 4·hidden gates and the recurrent ones
// with their rescalers, and returns the number of units.
static inline EDGED_AVX2 size_t edged_lstm_avx2(
    const int32_t *input, const int32_t *recurrent, const int32_t *mantissas, const int32_t *shifts,
    size_t hidden, const int16_t *coefficients, int32_t cell_fraction_bits, int32_t mantissa,
    int32_t shift, int32_t zero_point, int16_t *cell, int8_t *state) {
  const edged_cubics_avx2 cubics = edged_cubics_load_avx2(coefficients);
  const int32_t new_shift = 30 - cell_fraction_bits;
  const __m128i new_count = _mm_cvtsi32_si128(new_shift);
  const __m256i new_half = _mm256_set1_epi32(1 << (new_shift - 1));
  const int32_t down = cell_fraction_bits - 12;
  const __m256i said_mantissa = _mm256_set1_epi32(mantissa);
  const __m256i said_shift = _mm256_set1_epi32(shift);
  const __m256i zero = _mm256_set1_epi32(zero_point);
  size_t unit = 0;
  for (; unit + 16 <= hidden; unit += 16) {
#define EDGED_GATE(gate)                                                                \
  edged_gates_avx2(input + (gate) * hidden + unit, recurrent + (gate) * hidden + unit, \
                   mantissas + (gate) * hidden + unit, shifts + (gate) * hidden + unit)
    const __m256i in = edged_logistic_avx2(&cubics, EDGED_GATE(0));
    const __m256i forget = edged_logistic_avx2(&cubics, EDGED_GATE(1));
    const __m256i gate = EDGED_GATE(2);
    const __m256i candidate = edged_centered_avx2(&cubics, _mm256_adds_epi16(gate, gate));
    const __m256i out = edged_logistic_avx2(&cubics, EDGED_GATE(3));
#undef EDGED_GATE

    const __m256i low = _mm256_mullo_epi16(in, candidate);
    const __m256i high = _mm256_mulhi_epi16(in, candidate);
    const __m256i added = _mm256_packs_epi32(
        _mm256_sra_epi32(_mm256_add_epi32(_mm256_unpacklo_epi16(low, high), new_half), new_count),
        _mm256_sra_epi32(_mm256_add_epi32(_mm256_unpackhi_epi16(low, high), new_half), new_count));
    __m256i next = _mm256_loadu_si256((const __m256i *)(cell + unit));
    next = _mm256_adds_epi16(_mm256_mulhrs_epi16(forget, next), added);
    _mm256_storeu_si256((__m256i *)(cell + unit), next);

    // The cell in Q3.12: rounded down to it, or doubled with saturation up to it.
    __m256i argument = next;
    if (down > 0)
      argument = _mm256_add_epi16(
          _mm256_sra_epi16(next, _mm_cvtsi32_si128(down)),
          _mm256_and_si256(_mm256_sra_epi16(next, _mm_cvtsi32_si128(down - 1)),
                           _mm256_set1_epi16(1)));
    for (int32_t up = down; up < 0; up++) argument = _mm256_adds_epi16(argument, argument);
    const __m256i tangent = edged_centered_avx2(&cubics, argument);

    const __m256i said_low = _mm256_mullo_epi16(out, tangent);
    const __m256i said_high = _mm256_mulhi_epi16(out, tangent);
    const __m256i first = _mm256_add_epi32(
        edged_rescale_eight_avx2(_mm256_unpacklo_epi16(said_low, said_high), said_mantissa,
                                 said_shift),
        zero);
    const __m256i second = _mm256_add_epi32(
        edged_rescale_eight_avx2(_mm256_unpackhi_epi16(said_low, said_high), said_mantissa,
                                 said_shift),
        zero);
    const __m256i words = _mm256_packs_epi32(first, second);
    _mm_storeu_si128(
        (__m128i *)(state + unit),
        _mm_packs_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1)));
  }
  return unit;
}

#endif
