// Runs the comparison of kernel variants and says how it went. Raw values are those of KernelVariant and FrontEndVariant.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>

extern long edged_compare_front_ends(void *memory, uint8_t variant, long cases);
extern long edged_compare_kernels(void *memory, uint8_t variant, long cases);

int main(int count, char **arguments) {
  const long cases = count > 1 ? atol(arguments[1]) : 10000;
  void *const memory = aligned_alloc(64, 4 << 20);
  const int has_dotprod = (getauxval(AT_HWCAP) & (1ul << 20)) != 0;
  long differences = edged_compare_kernels(memory, 4, cases);
  printf("NEON: %ld of %ld cases differ\n", differences, cases);
  if (has_dotprod) {
    const long more = edged_compare_kernels(memory, 5, cases);
    printf("dot products: %ld of %ld cases differ\n", more, cases);
    differences += more;
  }
  const long frames = edged_compare_front_ends(memory, 3, cases);
  printf("front end, NEON: %ld of %ld frames and feature vectors differ\n", frames, 2 * cases);
  return differences != 0 || frames != 0;
}
