// What the processor could do if nothing had to be loaded: what benchmarks compare with.
#ifndef EDGED_PEAK_H
#define EDGED_PEAK_H

#if defined(__x86_64__)

#include <immintrin.h>

#include "product_avx512vnni.h"
#include "product_avxvnni.h"

// `count` times twelve independent products of 64 codes.
static inline EDGED_AVX512 void edged_peak_avx512vnni(size_t count) {
  __m512i sum[12];
  const __m512i code = _mm512_set1_epi8(3), weight = _mm512_set1_epi8(5);
  for (int i = 0; i < 12; i++) sum[i] = _mm512_setzero_si512();
  for (size_t n = 0; n < count; n++)
#pragma clang loop unroll(full)
    for (int i = 0; i < 12; i++) {
      sum[i] = _mm512_dpbusd_epi32(sum[i], code, weight);
      __asm__ volatile("" : "+v"(sum[i]));
    }
}

// `count` times twelve independent products of 32 codes.
static inline EDGED_AVXVNNI void edged_peak_avxvnni(size_t count) {
  __m256i sum[12];
  const __m256i code = _mm256_set1_epi8(3), weight = _mm256_set1_epi8(5);
  for (int i = 0; i < 12; i++) sum[i] = _mm256_setzero_si256();
  for (size_t n = 0; n < count; n++)
#pragma clang loop unroll(full)
    for (int i = 0; i < 12; i++) {
      sum[i] = _mm256_dpbusd_avx_epi32(sum[i], code, weight);
      __asm__ volatile("" : "+x"(sum[i]));
    }
}

#endif

#endif
