// The transform and the power spectrum, 4 points at a time.
#ifndef EDGED_TRANSFORM_NEON_H
#define EDGED_TRANSFORM_NEON_H

#include "lanes_neon.h"

#define EDGED_LANES 4
#define EDGED_TARGET 
#define EDGED_NAME(name) name##_neon
#include "transform_template.h"

#endif
