// What the processor and its operating system support.
#ifndef EDGED_PROCESSOR_H
#define EDGED_PROCESSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EDGED_INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)

static inline bool edged_processor_has_avx2(void) { return __builtin_cpu_supports("avx2"); }

static inline bool edged_processor_has_avxvnni(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("avxvnni");
}

static inline bool edged_processor_has_avx512vnni(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vnni");
}

static inline bool edged_processor_has_avx512(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512cd");
}

#elif defined(__aarch64__)

#if defined(__linux__)
#include <sys/auxv.h>
static inline bool edged_processor_has_dotprod(void) {
  return (getauxval(AT_HWCAP) & (1ul << 20)) != 0;  // HWCAP_ASIMDDP
}
#else
static inline bool edged_processor_has_dotprod(void) { return false; }
#endif

#endif

#endif
