// The steps of an LSTM whose units are a multiple of sixteen, with AVX-512: the recurrent sums of all four gates of thirty-two units stay
// in registers until they have become cell and state. See LSTMSteps.swift and Sigmoid.swift for the definition.
#ifndef EDGED_LSTM_AVX512_H
#define EDGED_LSTM_AVX512_H

#include <immintrin.h>

#include "processor.h"
#include "rescale_avx512.h"

// Constants shared by all units.
typedef struct {
  __m512i cubics[4];  // each twice: the index's fifth bit is of no matter
  edged_rescalers_avx512 output;
  __m512i twice_zero;  // and one
  int32_t cell_fraction_bits;
} edged_lstm_avx512_constants;

// σ(x) − ½ in Q0.16 for x in Q4.11.
EDGED_INLINE EDGED_AVX512 __m512i edged_centered_avx512(const __m512i *cubics, __m512i x) {
  const __m512i magnitude = _mm512_min_epu16(_mm512_abs_epi16(x), _mm512_set1_epi16(32767));
  const __m512i segment = _mm512_srli_epi16(magnitude, 11);
  const __m512i fraction = _mm512_srli_epi16(_mm512_slli_epi16(magnitude, 5), 1);
  __m512i sum = _mm512_permutexvar_epi16(segment, cubics[3]);
  sum = _mm512_add_epi16(_mm512_permutexvar_epi16(segment, cubics[2]),
                         _mm512_mulhrs_epi16(sum, fraction));
  sum = _mm512_add_epi16(_mm512_permutexvar_epi16(segment, cubics[1]),
                         _mm512_mulhrs_epi16(sum, fraction));
  sum = _mm512_adds_epi16(_mm512_permutexvar_epi16(segment, cubics[0]),
                          _mm512_mulhrs_epi16(sum, fraction));
  sum = _mm512_max_epi16(sum, _mm512_setzero_si512());
  return _mm512_mask_sub_epi16(sum, _mm512_movepi16_mask(x), _mm512_setzero_si512(), sum);
}

// σ(x) in Q0.15 for x in Q4.11. (A rounded product with ½ is (c + 1) >> 1.)
EDGED_INLINE EDGED_AVX512 __m512i edged_logistic_avx512(const __m512i *cubics, __m512i x) {
  const __m512i half = _mm512_set1_epi16(16384);
  return _mm512_adds_epi16(_mm512_mulhrs_epi16(edged_centered_avx512(cubics, x), half), half);
}

// (a·b + half) >> shift for 15 ≤ shift ≤ 30. From 17 on, half is a multiple of 2¹⁶, so the products' upper halves suffice.
EDGED_INLINE EDGED_AVX512 __m512i edged_scaled_product_avx512(__m512i a, __m512i b, int32_t shift) {
  if (shift == 15) return _mm512_mulhrs_epi16(a, b);
  const __m512i upper = _mm512_mulhi_epi16(a, b);
  if (shift == 16)
    return _mm512_add_epi16(upper, _mm512_srli_epi16(_mm512_mullo_epi16(a, b), 15));
  const __m512i half = _mm512_set1_epi16((short)(1 << (shift - 17)));
  return _mm512_sra_epi16(_mm512_add_epi16(upper, half), _mm_cvtsi32_si128(shift - 16));
}

// Updates cell and state of `blocks` × 16 units from their four gates; returns the state's codes.
EDGED_INLINE EDGED_AVX512 __m256i edged_lstm_units_avx512(const edged_lstm_avx512_constants *by,
                                                          const int blocks, const __m512i *gates,
                                                          int16_t *cell) {
  const __m512i in = edged_logistic_avx512(by->cubics, gates[0]);
  const __m512i forget = edged_logistic_avx512(by->cubics, gates[1]);
  const __m512i candidate =
      edged_centered_avx512(by->cubics, _mm512_adds_epi16(gates[2], gates[2]));
  const __m512i out = edged_logistic_avx512(by->cubics, gates[3]);

  const __mmask32 mask = blocks == 2 ? 0xffffffff : 0xffff;
  __m512i next = _mm512_mulhrs_epi16(forget, _mm512_maskz_loadu_epi16(mask, cell));
  next = _mm512_adds_epi16(
      next, edged_scaled_product_avx512(in, candidate, 30 - by->cell_fraction_bits));
  _mm512_mask_storeu_epi16(cell, mask, next);

  // The cell in Q3.12: rounded down to it, or doubled with saturation up to it.
  const int32_t down = by->cell_fraction_bits - 12;
  __m512i argument = next;
  if (down > 0)
    argument = _mm512_add_epi16(
        _mm512_sra_epi16(next, _mm_cvtsi32_si128(down)),
        _mm512_and_si512(_mm512_sra_epi16(next, _mm_cvtsi32_si128(down - 1)),
                         _mm512_set1_epi16(1)));
  for (int32_t up = down; up < 0; up++) argument = _mm512_adds_epi16(argument, argument);
  const __m512i tangent = edged_centered_avx512(by->cubics, argument);

  const __m512i low = _mm512_mullo_epi16(out, tangent), high = _mm512_mulhi_epi16(out, tangent);
  return _mm512_cvtsepi16_epi8(_mm512_packs_epi32(
      edged_rescaled_avx512(&by->output, _mm512_unpacklo_epi16(low, high), by->twice_zero),
      edged_rescaled_avx512(&by->output, _mm512_unpackhi_epi16(low, high), by->twice_zero)));
}

// The operands of an LSTM's steps: its recurrent matrix, whose biases compensate for codes with 128 added, and the rescaled sums of the
// input's.
typedef struct {
  const int8_t *weights;
  const int32_t *biases, *mantissas, *shifts;
  size_t hidden;
} edged_lstm_avx512_matrix;

// Computes `blocks` × 16 units from `unit` on, from a row of `input` and the last state `heard`. Writes the new state to `said`, which
// like `heard` has 128 added, and to `output`.
EDGED_INLINE EDGED_AVX512 void edged_lstm_tile_avx512(const edged_lstm_avx512_constants *by,
                                                      const edged_lstm_avx512_matrix *matrix,
                                                      const int blocks, size_t unit,
                                                      const int32_t *input, const uint8_t *heard,
                                                      int16_t *cell, uint8_t *said,
                                                      int8_t *output) {
  // Even and odd steps of four inputs have separate sums: enough of them to hide the latency.
  __m512i sum[2][4][2];
  const size_t hidden = matrix->hidden;
  const int8_t *const weights = matrix->weights + unit * hidden;
#pragma clang loop unroll(full)
  for (size_t gate = 0; gate < 4; gate++)
#pragma clang loop unroll(full)
    for (int b = 0; b < blocks; b++) {
      sum[0][gate][b] = _mm512_loadu_si512(matrix->biases + gate * hidden + unit + 16 * b);
      sum[1][gate][b] = _mm512_setzero_si512();
    }
  for (size_t k = 0; k < hidden; k += 8) {
#pragma clang loop unroll(full)
    for (size_t odd = 0; odd < 2; odd++) {
      int32_t four;
      __builtin_memcpy(&four, heard + k + 4 * odd, 4);
      const __m512i code = _mm512_set1_epi32(four);
#pragma clang loop unroll(full)
      for (size_t gate = 0; gate < 4; gate++)
#pragma clang loop unroll(full)
        for (int b = 0; b < blocks; b++)
          sum[odd][gate][b] = _mm512_dpbusd_epi32(
              sum[odd][gate][b], code,
              _mm512_loadu_si512(weights + (gate * hidden + 16 * (size_t)b) * hidden +
                                 16 * (k + 4 * odd)));
    }
  }

  __m512i gates[4];
#pragma clang loop unroll(full)
  for (size_t gate = 0; gate < 4; gate++) {
    __m512i wide[2];
#pragma clang loop unroll(full)
    for (int b = 0; b < blocks; b++) {
      const size_t at = gate * hidden + unit + 16 * (size_t)b;
      const edged_rescalers_avx512 rescalers =
          edged_rescalers_at_avx512(matrix->mantissas + at, matrix->shifts + at);
      wide[b] = _mm512_add_epi32(
          _mm512_loadu_si512(input + at),
          edged_rescaled_avx512(&rescalers,
                                _mm512_add_epi32(sum[0][gate][b], sum[1][gate][b]),
                                _mm512_set1_epi32(1)));
    }
    gates[gate] = _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7),
                                           _mm512_packs_epi32(wide[0], wide[blocks - 1]));
  }
  const __m256i codes = edged_lstm_units_avx512(by, blocks, gates, cell + unit);
  const __m256i moved = _mm256_xor_si256(codes, _mm256_set1_epi8((char)0x80));
  if (blocks == 2) {
    _mm256_storeu_si256((__m256i *)(output + unit), codes);
    _mm256_storeu_si256((__m256i *)(said + unit), moved);
  } else {
    _mm_storeu_si128((__m128i *)(output + unit), _mm256_castsi256_si128(codes));
    _mm_storeu_si128((__m128i *)(said + unit), _mm256_castsi256_si128(moved));
  }
}

// Advances `hidden` units, a multiple of 16, by `rows` ≥ 1 rows of the input's rescaled sums, 4·hidden each, and writes their states as
// dense rows of `output`. `biases` compensate for codes with 128 added; `scratch` has 2·hidden bytes.
static inline EDGED_AVX512 void edged_lstm_avx512(
    const int8_t *weights, const int32_t *biases, const int32_t *mantissas, const int32_t *shifts,
    size_t hidden, const int32_t *input, size_t rows, const int16_t *coefficients,
    int32_t cell_fraction_bits, int32_t mantissa, int32_t shift, int32_t zero_point,
    void *scratch, int16_t *cell, int8_t *state, int8_t *output) {
  const edged_lstm_avx512_matrix matrix = {weights, biases, mantissas, shifts, hidden};
  edged_lstm_avx512_constants by = {
      .output = edged_rescalers_of_avx512(_mm512_set1_epi32(mantissa), _mm512_set1_epi32(shift)),
      .twice_zero = _mm512_set1_epi32(2 * zero_point + 1),
      .cell_fraction_bits = cell_fraction_bits};
  for (int power = 0; power < 4; power++)
    by.cubics[power] = _mm512_broadcast_i64x4(
        _mm256_loadu_si256((const __m256i *)(coefficients + 16 * power)));
  uint8_t *heard = scratch, *said = heard + hidden;
  for (size_t k = 0; k < hidden; k++) heard[k] = (uint8_t)state[k] ^ 0x80;
  const size_t tiles = (hidden + 31) / 32;
  for (size_t row = 0; row < rows; row++) {
    for (size_t tile = 0; tile < tiles; tile++) {
      // Every other row runs backwards: if the weights exceed the nearest cache, the last ones are still there.
      const size_t unit = 32 * (row % 2 == 0 ? tile : tiles - 1 - tile);
      if (unit + 32 <= hidden)
        edged_lstm_tile_avx512(&by, &matrix, 2, unit, input, heard, cell, said, output);
      else
        edged_lstm_tile_avx512(&by, &matrix, 1, unit, input, heard, cell, said, output);
    }
    uint8_t *const next = heard;
    heard = said;
    said = next;
    input += 4 * hidden;
    output += hidden;
  }
  __builtin_memcpy(state, output - hidden, hidden);
}

#endif
