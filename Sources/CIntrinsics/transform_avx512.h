// The transform and the power spectrum, 16 points at a time.
#ifndef EDGED_TRANSFORM_AVX512_H
#define EDGED_TRANSFORM_AVX512_H

#include "lanes_avx512.h"

#define EDGED_LANES 16
#define EDGED_TARGET EDGED_WIDE
#define EDGED_NAME(name) name##_avx512
#include "transform_template.h"

#endif
