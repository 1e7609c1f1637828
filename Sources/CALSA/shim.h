#pragma once
#include <alsa/asoundlib.h>

// libasound writes a line to stderr for each thing that it does not find. What matters comes back as a code and is
// said once, in our words; so its own lines are dropped. The handler is variadic, which Swift cannot write.
static void calsa_ignore(const char *file, int line, const char *function, int code, const char *format, ...) {
  (void)file; (void)line; (void)function; (void)code; (void)format;
}

static inline void calsa_silence_messages(void) { snd_lib_error_set_handler(calsa_ignore); }
