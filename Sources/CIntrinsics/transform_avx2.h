// The transform and the power spectrum, 8 points at a time.
#ifndef EDGED_TRANSFORM_AVX2_H
#define EDGED_TRANSFORM_AVX2_H

#include "lanes_avx2.h"

#define EDGED_LANES 8
#define EDGED_TARGET EDGED_AVX2
#define EDGED_NAME(name) name##_avx2
#include "transform_template.h"

#endif
