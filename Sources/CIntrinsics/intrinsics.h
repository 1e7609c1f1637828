// The kernels of the engine and of the front end in instructions that Swift cannot express, with one file per kernel and instruction set,
// all `static inline`, so that nothing is linked. Each has its portable definition in Inference or Acoustics, and equals it bit for bit.
// A caller must first have checked for the instruction set with `edged_processor_has…`.
#ifndef EDGED_INTRINSICS_H
#define EDGED_INTRINSICS_H

#include "processor.h"

#if defined(__x86_64__)
#include "product_avx2.h"
#include "product_avxvnni.h"
#include "product_avx512vnni.h"
#include "rescale_avx2.h"
#include "codes_avx2.h"
#include "rescale_avx512.h"
#include "codes_avx512.h"
#include "affine_avx2.h"
#include "pools_avx2.h"
#include "pools_avx512.h"
#include "lstm_avx2.h"
#include "lstm_avx512.h"
#include "peak.h"

#include "window_avx2.h"
#include "window_avx512.h"
#include "transform_avx2.h"
#include "transform_avx512.h"
#include "mel_avx2.h"
#include "totals_avx512.h"
#include "mel_avx512.h"
#include "logarithm_avx512.h"
#include "correlation_avx2.h"
#include "cepstrum_avx2.h"
#include "cepstrum_avx512.h"
#include "standardize_avx2.h"
#include "standardize_avx512.h"
#elif defined(__aarch64__)
#include "product_neon.h"
#include "product_dotprod.h"
#include "rescale_neon.h"
#include "codes_neon.h"
#include "pools_neon.h"
#include "lstm_neon.h"
#include "peak.h"

#include "window_neon.h"
#include "transform_neon.h"
#include "mel_neon.h"
#include "correlation_neon.h"
#include "cepstrum_neon.h"
#include "standardize_neon.h"
#endif

#endif
