// Runs every model of a file through the engine and prints the digests of what its parts said.
// Exits with 3 where the processor has not the variant.
// usage: replay MODELS VARIANT      MODELS: for each the number of its bytes, 64 bits, then they; VARIANT: the raw value of a KernelVariant

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>

struct digest {
  uint64_t count, sum;
};
int32_t edged_replay(const void *model, intptr_t size, uint8_t variant, intptr_t number, void *work,
                     intptr_t work_size, struct digest *digests);
bool edged_offers(uint8_t variant, bool has_dot_products);
intptr_t edged_part_count(void);
const char *edged_part_begin(intptr_t index, struct digest *digests);

#ifdef __aarch64__
static bool has_dot_products(void) { return (getauxval(AT_HWCAP) & (1ul << 20)) != 0; }
#else
static bool has_dot_products(void) { return false; }
#endif

int main(int count, char **arguments) {
  FILE *file = count == 3 ? fopen(arguments[1], "rb") : NULL;
  if (!file) {
    fprintf(stderr, "usage: replay MODELS VARIANT\n");
    return 2;
  }
  const uint8_t variant = atoi(arguments[2]);
  if (!edged_offers(variant, has_dot_products())) return 3;
  const long room = 8 << 20;
  void *const model = aligned_alloc(64, room), *const work = aligned_alloc(64, room);
  const intptr_t parts = edged_part_count();
  struct digest *const digests = calloc(parts, sizeof *digests);
  const char **const names = calloc(parts, sizeof *names);
  for (intptr_t part = 0; part < parts; ++part) names[part] = edged_part_begin(part, digests);
  uint64_t size;
  intptr_t number = 0;
  for (; fread(&size, sizeof size, 1, file) == 1; ++number) {
    if (size > (uint64_t)room || fread(model, 1, size, file) != size) {
      fprintf(stderr, "replay: model %ld is cut off\n", (long)number);
      return 1;
    }
    const int32_t result =
        edged_replay(model, size, variant, number, work, room, digests);
    if (result != 0) {
      fprintf(stderr, "replay: model %ld: problem %d, see tools/replaying/Replay.swift\n", (long)number,
              result);
      return 1;
    }
  }
  for (intptr_t part = 0; part < parts; ++part) {
    printf("%-38s %12" PRIu64 "  %016" PRIx64 "\n", names[part], digests[part].count, digests[part].sum);
  }
}
