// The processor's peak rate without memory access, for comparison in benchmarks. Each function multiplies int8 codes as the product with
// the same instructions does, `count` times in twelve independent sums, and returns the number of multiplications.
#ifndef EDGED_PEAK_H
#define EDGED_PEAK_H

#if defined(__x86_64__)

#include <immintrin.h>

#include "product_avx2.h"
#include "product_avx512vnni.h"
#include "product_avxvnni.h"

static inline EDGED_AVX512 size_t edged_peak_avx512vnni(size_t count) {
  __m512i sum[12];
  const __m512i code = _mm512_set1_epi8(3), weight = _mm512_set1_epi8(5);
  for (int i = 0; i < 12; i++) sum[i] = _mm512_setzero_si512();
  for (size_t n = 0; n < count; n++)
#pragma clang loop unroll(full)
    for (int i = 0; i < 12; i++) {
      sum[i] = _mm512_dpbusd_epi32(sum[i], code, weight);
      __asm__ volatile("" : "+v"(sum[i]));
    }
  return count * 12 * 64;
}

static inline EDGED_AVXVNNI size_t edged_peak_avxvnni(size_t count) {
  __m256i sum[12];
  const __m256i code = _mm256_set1_epi8(3), weight = _mm256_set1_epi8(5);
  for (int i = 0; i < 12; i++) sum[i] = _mm256_setzero_si256();
  for (size_t n = 0; n < count; n++)
#pragma clang loop unroll(full)
    for (int i = 0; i < 12; i++) {
      sum[i] = _mm256_dpbusd_avx_epi32(sum[i], code, weight);
      __asm__ volatile("" : "+x"(sum[i]));
    }
  return count * 12 * 32;
}

static inline EDGED_AVX2 size_t edged_peak_avx2(size_t count) {
  __m256i sum[12];
  __m256i code = _mm256_set1_epi8(3), weight = _mm256_set1_epi8(5);
  const __m256i ones = _mm256_set1_epi16(1);
  for (int i = 0; i < 12; i++) sum[i] = _mm256_setzero_si256();
  for (size_t n = 0; n < count; n++)
#pragma clang loop unroll(full)
    for (int i = 0; i < 12; i++) {
      __asm__ volatile("" : "+x"(code), "+x"(weight));
      const __m256i pairs = _mm256_maddubs_epi16(code, weight);
      sum[i] = _mm256_add_epi32(sum[i], _mm256_madd_epi16(pairs, ones));
      __asm__ volatile("" : "+x"(sum[i]));
    }
  return count * 12 * 32;
}

#elif defined(__aarch64__)

#include <arm_neon.h>

#include "product_dotprod.h"

static inline EDGED_DOTPROD size_t edged_peak_dotprod(size_t count) {
  int32x4_t sum[12];
  const int8x16_t code = vdupq_n_s8(3), weight = vdupq_n_s8(5);
  for (int i = 0; i < 12; i++) sum[i] = vdupq_n_s32(0);
  for (size_t n = 0; n < count; n++)
#pragma clang loop unroll(full)
    for (int i = 0; i < 12; i++) {
      sum[i] = vdotq_s32(sum[i], weight, code);
      __asm__ volatile("" : "+w"(sum[i]));
    }
  return count * 12 * 16;
}

static inline size_t edged_peak_neon(size_t count) {
  int32x4_t sum[12];
  int8x16_t code = vdupq_n_s8(3), weight = vdupq_n_s8(5);
  for (int i = 0; i < 12; i++) sum[i] = vdupq_n_s32(0);
  for (size_t n = 0; n < count; n++)
#pragma clang loop unroll(full)
    for (int i = 0; i < 12; i++) {
      __asm__ volatile("" : "+w"(code), "+w"(weight));
      int16x8_t pairs = vmull_s8(vget_low_s8(weight), vget_low_s8(code));
      pairs = vmlal_high_s8(pairs, weight, code);
      sum[i] = vpadalq_s16(sum[i], pairs);
      __asm__ volatile("" : "+w"(sum[i]));
    }
  return count * 12 * 16;
}

#endif

#endif
