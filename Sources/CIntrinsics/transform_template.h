// The Fourier transform and the power spectrum of FourierTransform.swift and RealSpectrum.swift, over several points at a time. Included
// once per instruction set, with EDGED_LANES (points at a time), EDGED_TARGET and EDGED_NAME(name), which appends the set's name;
// `lanes_….h` has the primitives.

typedef EDGED_NAME(edged_lanes) EDGED_NAME(edged_vector);

// Four complex points.
typedef struct {
  EDGED_NAME(edged_vector) x[4], y[4];
} EDGED_NAME(edged_four);

// Half of `sum`, rounded up; `sum` already includes the one for rounding.
EDGED_INLINE EDGED_TARGET EDGED_NAME(edged_vector) EDGED_NAME(edged_half)(EDGED_NAME(edged_vector)
                                                                              sum) {
  return sum >> 1;
}

// See Butterfly.init.
EDGED_INLINE EDGED_TARGET EDGED_NAME(edged_four)
    EDGED_NAME(edged_butterfly)(const int32_t *x, const int32_t *y, size_t step) {
  typedef EDGED_NAME(edged_vector) vector;
  const vector ax = EDGED_NAME(edged_load)(x) + 1, ay = EDGED_NAME(edged_load)(y) + 1;
  const vector bx = EDGED_NAME(edged_load)(x + step) + 1;
  const vector by = EDGED_NAME(edged_load)(y + step) + 1;
  const vector cx = EDGED_NAME(edged_load)(x + 2 * step), cy = EDGED_NAME(edged_load)(y + 2 * step);
  const vector dx = EDGED_NAME(edged_load)(x + 3 * step), dy = EDGED_NAME(edged_load)(y + 3 * step);
  const vector even_x = EDGED_NAME(edged_half)(ax + cx) + 1;
  const vector even_y = EDGED_NAME(edged_half)(ay + cy) + 1;
  const vector odd_x = EDGED_NAME(edged_half)(ax - cx) + 1;
  const vector odd_y = EDGED_NAME(edged_half)(ay - cy) + 1;
  const vector sum_x = EDGED_NAME(edged_half)(bx + dx), sum_y = EDGED_NAME(edged_half)(by + dy);
  const vector difference_x = EDGED_NAME(edged_half)(bx - dx);
  const vector difference_y = EDGED_NAME(edged_half)(by - dy);
  EDGED_NAME(edged_four) four;
  four.x[0] = EDGED_NAME(edged_half)(even_x + sum_x);
  four.y[0] = EDGED_NAME(edged_half)(even_y + sum_y);
  four.x[1] = EDGED_NAME(edged_half)(odd_x + difference_y);
  four.y[1] = EDGED_NAME(edged_half)(odd_y - difference_x);
  four.x[2] = EDGED_NAME(edged_half)(even_x - sum_x);
  four.y[2] = EDGED_NAME(edged_half)(even_y - sum_y);
  four.x[3] = EDGED_NAME(edged_half)(odd_x - difference_y);
  four.y[3] = EDGED_NAME(edged_half)(odd_y + difference_x);
  return four;
}

// The pass whose butterflies are one point wide.
EDGED_INLINE EDGED_TARGET void EDGED_NAME(edged_first_pass)(const int32_t *x, const int32_t *y,
                                                            int32_t *to_x, int32_t *to_y,
                                                            size_t count, const int32_t *factors) {
  const size_t quarter = count / 4;
  for (size_t k = 0; k < quarter; k += EDGED_LANES) {
    EDGED_NAME(edged_four) four = EDGED_NAME(edged_butterfly)(x + k, y + k, quarter);
#pragma clang loop unroll(full)
    for (int m = 1; m < 4; m++) {
      const int32_t *w = factors + 2 * (size_t)(m - 1) * quarter + k;
      EDGED_NAME(edged_turn)(four.x[m], four.y[m], EDGED_NAME(edged_load)(w),
                             EDGED_NAME(edged_load)(w + quarter), &four.x[m], &four.y[m]);
    }
    EDGED_NAME(edged_store_mixed)(to_x + 4 * k, four.x[0], four.x[1], four.x[2], four.x[3]);
    EDGED_NAME(edged_store_mixed)(to_y + 4 * k, four.y[0], four.y[1], four.y[2], four.y[3]);
  }
}

// The pass whose butterflies are four points wide.
EDGED_INLINE EDGED_TARGET void EDGED_NAME(edged_second_pass)(const int32_t *x, const int32_t *y,
                                                             int32_t *to_x, int32_t *to_y,
                                                             size_t blocks,
                                                             const int32_t *factors) {
  for (size_t k = 0; k < blocks; k += EDGED_LANES / 4) {
    EDGED_NAME(edged_four) four = EDGED_NAME(edged_butterfly)(x + 4 * k, y + 4 * k, 4 * blocks);
#pragma clang loop unroll(full)
    for (int m = 1; m < 4; m++) {
      const int32_t *w = factors + 2 * (size_t)(m - 1) * blocks + k;
      EDGED_NAME(edged_turn)(four.x[m], four.y[m], EDGED_NAME(edged_spread)(w),
                             EDGED_NAME(edged_spread)(w + blocks), &four.x[m], &four.y[m]);
    }
    EDGED_NAME(edged_store_groups)(to_x + 16 * k, four.x[0], four.x[1], four.x[2], four.x[3]);
    EDGED_NAME(edged_store_groups)(to_y + 16 * k, four.y[0], four.y[1], four.y[2], four.y[3]);
  }
}

// A pass whose butterflies are 16 or more points wide.
EDGED_INLINE EDGED_TARGET void EDGED_NAME(edged_wide_pass)(const int32_t *x, const int32_t *y,
                                                           int32_t *to_x, int32_t *to_y,
                                                           size_t blocks, size_t stride,
                                                           const int32_t *factors) {
  for (size_t k = 0; k < blocks; k++) {
    EDGED_NAME(edged_vector) u[3], v[3];
#pragma clang loop unroll(full)
    for (int m = 0; m < 3; m++) {
      u[m] = EDGED_NAME(edged_all)(factors[2 * (size_t)m * blocks + k]);
      v[m] = EDGED_NAME(edged_all)(factors[(2 * (size_t)m + 1) * blocks + k]);
    }
    for (size_t n = 0; n < stride; n += EDGED_LANES) {
      EDGED_NAME(edged_four) four =
          EDGED_NAME(edged_butterfly)(x + stride * k + n, y + stride * k + n, stride * blocks);
#pragma clang loop unroll(full)
      for (int m = 0; m < 4; m++) {
        if (m > 0)
          EDGED_NAME(edged_turn)(four.x[m], four.y[m], u[m - 1], v[m - 1], &four.x[m], &four.y[m]);
        const size_t at = stride * (4 * k + (size_t)m) + n;
        EDGED_NAME(edged_store)(to_x + at, four.x[m]);
        EDGED_NAME(edged_store)(to_y + at, four.y[m]);
      }
    }
  }
}

// The last pass: over four points if `is_radix_4`, otherwise two, `stride` apart.
EDGED_INLINE EDGED_TARGET void EDGED_NAME(edged_last_pass)(const int32_t *x, const int32_t *y,
                                                           int32_t *to_x, int32_t *to_y,
                                                           size_t stride, int is_radix_4) {
  typedef EDGED_NAME(edged_vector) vector;
  for (size_t n = 0; n < stride; n += EDGED_LANES) {
    if (is_radix_4) {
      const EDGED_NAME(edged_four) four = EDGED_NAME(edged_butterfly)(x + n, y + n, stride);
#pragma clang loop unroll(full)
      for (size_t m = 0; m < 4; m++) {
        EDGED_NAME(edged_store)(to_x + m * stride + n, four.x[m]);
        EDGED_NAME(edged_store)(to_y + m * stride + n, four.y[m]);
      }
    } else {
      const vector a = EDGED_NAME(edged_load)(x + n) + 1, b = EDGED_NAME(edged_load)(x + stride + n);
      const vector c = EDGED_NAME(edged_load)(y + n) + 1, d = EDGED_NAME(edged_load)(y + stride + n);
      EDGED_NAME(edged_store)(to_x + n, EDGED_NAME(edged_half)(a + b));
      EDGED_NAME(edged_store)(to_x + stride + n, EDGED_NAME(edged_half)(a - b));
      EDGED_NAME(edged_store)(to_y + n, EDGED_NAME(edged_half)(c + d));
      EDGED_NAME(edged_store)(to_y + stride + n, EDGED_NAME(edged_half)(c - d));
    }
  }
}

// Transforms `count` points, 256, 512 or 1024, at `x` and `y`, with `other_…` as the second buffer. Returns whether the result is in the
// second.
static inline EDGED_TARGET bool EDGED_NAME(edged_transform)(int32_t *x, int32_t *y,
                                                            int32_t *other_x, int32_t *other_y,
                                                            size_t count, const int32_t *factors) {
  EDGED_NAME(edged_first_pass)(x, y, other_x, other_y, count, factors);
  factors += 6 * (count / 4);
  EDGED_NAME(edged_second_pass)(other_x, other_y, x, y, count / 16, factors);
  factors += 6 * (count / 16);
  EDGED_NAME(edged_wide_pass)(x, y, other_x, other_y, count / 64, 16, factors);
  if (count == 256) {
    EDGED_NAME(edged_last_pass)(other_x, other_y, x, y, 64, 1);
    return false;
  }
  factors += 6 * (count / 64);
  EDGED_NAME(edged_wide_pass)(other_x, other_y, x, y, count / 256, 64, factors);
  EDGED_NAME(edged_last_pass)(x, y, other_x, other_y, 256, count == 1024);
  return true;
}

// The powers of bins 1 … count − 1 except count / 2, of `count` points, a multiple of 32. See RealSpectrum.power.
static inline EDGED_TARGET void EDGED_NAME(edged_power)(const int32_t *x, const int32_t *y,
                                                        const int32_t *cosines,
                                                        const int32_t *sines, size_t count,
                                                        uint64_t *powers) {
  typedef EDGED_NAME(edged_vector) vector;
  const size_t last = count / 2 - EDGED_LANES;
  for (size_t next = 1; next < count / 2; next += EDGED_LANES) {
    const size_t k = next < last ? next : last;  // the last vector overlaps the one before
    const size_t mirrored = count - k - (EDGED_LANES - 1);
    const vector x1 = EDGED_NAME(edged_load)(x + k) + 1, y1 = EDGED_NAME(edged_load)(y + k) + 1;
    const vector x2 = EDGED_NAME(edged_reversed)(EDGED_NAME(edged_load)(x + mirrored));
    const vector y2 = EDGED_NAME(edged_reversed)(EDGED_NAME(edged_load)(y + mirrored));
    const vector even_x = EDGED_NAME(edged_half)(x1 + x2), even_y = EDGED_NAME(edged_half)(y1 - y2);
    const vector odd_x = EDGED_NAME(edged_half)(x1 - x2), odd_y = EDGED_NAME(edged_half)(y1 + y2);
    vector real, imaginary;
    EDGED_NAME(edged_turn)(odd_y, odd_x, EDGED_NAME(edged_load)(cosines + k),
                           EDGED_NAME(edged_load)(sines + k), &real, &imaginary);
    EDGED_NAME(edged_store_powers)(powers + k, even_x + real, even_y - imaginary, 0);
    EDGED_NAME(edged_store_powers)(powers + mirrored, even_x - real, even_y + imaginary, 1);
  }
}

#undef EDGED_LANES
#undef EDGED_TARGET
#undef EDGED_NAME
