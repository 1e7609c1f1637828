// Runs the comparison of every variant that this processor offers and says how it went. Raw values are those of KernelVariant and
// FrontEndVariant.
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>

extern bool edged_offers_kernels(uint8_t variant);
extern bool edged_offers_front_end(uint8_t variant);
extern long edged_compare_front_ends(void *memory, uint8_t variant, long cases);
extern long edged_compare_kernels(void *memory, uint8_t variant, long cases);

static const char *const kernels[] = {"portable", "AVX2", "AVX-VNNI", "AVX-512 VNNI", "NEON", "dot products"};
static const char *const front_ends[] = {"portable", "AVX2", "AVX-512", "NEON"};
enum { dot_products = 5 };

static bool has_dot_products(void) {
#ifdef __aarch64__
  return (getauxval(AT_HWCAP) & (1ul << 20)) != 0;
#else
  return false;
#endif
}

int main(int count, char **arguments) {
  const long cases = count > 1 ? atol(arguments[1]) : 10000;
  void *const memory = aligned_alloc(64, 4 << 20);
  long differences = 0;
  for (uint8_t variant = 1; variant <= dot_products; ++variant) {
    if (!edged_offers_kernels(variant) && !(variant == dot_products && has_dot_products())) continue;
    const long found = edged_compare_kernels(memory, variant, cases);
    printf("%s: %ld of %ld products, steps, sums and poolings differ\n", kernels[variant], found,
           4 * cases);
    differences += found;
  }
  for (uint8_t variant = 1; variant <= 3; ++variant) {
    if (!edged_offers_front_end(variant)) continue;
    const long found = edged_compare_front_ends(memory, variant, cases);
    printf("front end, %s: %ld of %ld frames and feature vectors differ\n", front_ends[variant], found,
           2 * cases);
    differences += found;
  }
  return differences != 0;
}
