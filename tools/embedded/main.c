// Reads a model and raw samples, and prints every number that the core reports.
// usage: listen MODEL.edge SAMPLES.s16 RATE

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int32_t listen(const void *model, intptr_t model_size, const int16_t *samples, intptr_t count,
               intptr_t rate, void *work, intptr_t work_size, void (*report)(int32_t, int64_t));

static void print(int32_t kind, int64_t number) { printf("%d %lld\n", (int)kind, (long long)number); }

static void *contents(const char *path, long *size) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END) || (*size = ftell(file)) < 0) {
    perror(path);
    exit(1);
  }
  rewind(file);
  void *bytes = aligned_alloc(64, (*size + 64) / 64 * 64);
  if (!bytes || fread(bytes, 1, *size, file) != (size_t)*size) {
    perror(path);
    exit(1);
  }
  fclose(file);
  return bytes;
}

int main(int count, char **arguments) {
  if (count != 4) {
    fprintf(stderr, "usage: listen MODEL.edge SAMPLES.s16 RATE\n");
    return 2;
  }
  long model_size, samples_size, work_size = 8 << 20;
  void *model = contents(arguments[1], &model_size);
  int16_t *samples = contents(arguments[2], &samples_size);
  int32_t result = listen(model, model_size, samples, samples_size / 2, atol(arguments[3]),
                          aligned_alloc(64, work_size), work_size, print);
  printf("result %d\n", (int)result);
  return result;
}
