// Runs every part of a model between calls of edged_mark, which tools/instruction-counts finds in the trace of all
// instructions, and says in the same order what the parts are.
// usage: count MODEL.edge VARIANT      VARIANT: the raw value of a KernelVariant

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef void begin(const uint8_t *name, int32_t index, bool decides, double times, double multiplications);
typedef void end(void);
int32_t edged_run_parts(const void *model, intptr_t size, uint8_t variant, void *work,
                        intptr_t work_size, begin *before, end *after);

__attribute__((noinline)) void edged_mark(void) { __asm__ volatile("" ::: "memory"); }

static void before(const uint8_t *name, int32_t index, bool decides, double times,
                   double multiplications) {
  printf("%s", (const char *)name);
  if (index >= 0) printf(" %d", (int)index);
  if (decides) printf(", decision");
  printf("\t%.6f\t%.0f\n", times, multiplications);
  fflush(stdout);
  edged_mark();
}

static void after(void) { edged_mark(); }

int main(int count, char **arguments) {
  FILE *file = count == 3 ? fopen(arguments[1], "rb") : NULL;
  if (!file) {
    fprintf(stderr, "usage: count MODEL.edge VARIANT\n");
    return 2;
  }
  const long room = 16 << 20;
  void *const model = aligned_alloc(64, room);
  const size_t size = fread(model, 1, room, file);
  return edged_run_parts(model, size, atoi(arguments[2]), aligned_alloc(64, room), room, before, after);
}
