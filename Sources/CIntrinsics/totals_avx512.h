// Shared by several AVX-512 kernels: the first numbers of a vector, and sums over vectors of eight.
#ifndef EDGED_TOTALS_AVX512_H
#define EDGED_TOTALS_AVX512_H

#include "lanes_avx512.h"

EDGED_INLINE EDGED_WIDE __mmask8 edged_first_of_eight(size_t count) {
  return count >= 8 ? 0xff : (__mmask8)((1u << count) - 1);
}

// The totals of eight vectors.
EDGED_INLINE EDGED_WIDE __m512i edged_totals_avx512(const __m512i *v) {
  __m512i pairs[4], fours[2];
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++)
    pairs[i] = _mm512_add_epi64(_mm512_unpacklo_epi64(v[2 * i], v[2 * i + 1]),
                                _mm512_unpackhi_epi64(v[2 * i], v[2 * i + 1]));
#pragma clang loop unroll(full)
  for (int i = 0; i < 2; i++)
    fours[i] = _mm512_add_epi64(_mm512_shuffle_i64x2(pairs[2 * i], pairs[2 * i + 1], 0x88),
                                _mm512_shuffle_i64x2(pairs[2 * i], pairs[2 * i + 1], 0xdd));
  return _mm512_add_epi64(_mm512_shuffle_i64x2(fours[0], fours[1], 0x88),
                          _mm512_shuffle_i64x2(fours[0], fours[1], 0xdd));
}

// The bitwise unions of eight vectors.
EDGED_INLINE EDGED_WIDE __m512i edged_unions_avx512(const __m512i *v) {
  __m512i pairs[4], fours[2];
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++)
    pairs[i] = _mm512_or_si512(_mm512_unpacklo_epi64(v[2 * i], v[2 * i + 1]),
                               _mm512_unpackhi_epi64(v[2 * i], v[2 * i + 1]));
#pragma clang loop unroll(full)
  for (int i = 0; i < 2; i++)
    fours[i] = _mm512_or_si512(_mm512_shuffle_i64x2(pairs[2 * i], pairs[2 * i + 1], 0x88),
                               _mm512_shuffle_i64x2(pairs[2 * i], pairs[2 * i + 1], 0xdd));
  return _mm512_or_si512(_mm512_shuffle_i64x2(fours[0], fours[1], 0x88),
                         _mm512_shuffle_i64x2(fours[0], fours[1], 0xdd));
}

#endif
