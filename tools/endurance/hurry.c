// Has time pass faster for one program: LD_PRELOAD this, HURRY=100 in its environment makes its clocks run a hundred times as fast and
// all that it waits for come a hundred times sooner. So a week can be lived through, with everything in it in proportion.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static const int64_t second = 1000000000;
static double speed = 1;
static int64_t begin[16];  // by clock: when the program started

static int64_t nanoseconds(struct timespec time) { return time.tv_sec * second + time.tv_nsec; }

static struct timespec timespec_of(int64_t time) { return (struct timespec){time / second, time % second}; }

static int real_time(clockid_t clock, struct timespec *now) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  return real(clock, now);
}

// Clocks of the world, not those of processor time.
static int hurries(clockid_t clock) {
  return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME || clock == CLOCK_MONOTONIC_RAW ||
         clock == CLOCK_REALTIME_COARSE || clock == CLOCK_MONOTONIC_COARSE;
}

__attribute__((constructor)) static void start(void) {
  const char *text = getenv("HURRY");
  if (text && atof(text) > 0) speed = atof(text);
  for (clockid_t clock = 0; clock < 16; clock++) {
    struct timespec now;
    if (hurries(clock) && !real_time(clock, &now)) begin[clock] = nanoseconds(now);
  }
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  int error = real_time(clock, now);
  if (error || !hurries(clock) || !begin[clock]) return error;
  *now = timespec_of(begin[clock] + (int64_t)((nanoseconds(*now) - begin[clock]) * speed));
  return 0;
}

static int64_t sooner(int64_t time) { return time > 0 && time < second ? (int64_t)(time / speed) + 1 : (int64_t)(time / speed); }

int poll(struct pollfd *polled, nfds_t count, int milliseconds) {
  struct timespec wait = timespec_of(sooner(milliseconds * (int64_t)1000000));
  return ppoll(polled, count, milliseconds < 0 ? NULL : &wait, NULL);
}

int epoll_wait(int set, struct epoll_event *events, int count, int milliseconds) {
  struct timespec wait = timespec_of(sooner(milliseconds * (int64_t)1000000));
  struct timespec *limit = milliseconds < 0 ? NULL : &wait;
  static int (*real)(int, struct epoll_event *, int, const struct timespec *, const sigset_t *);
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, "epoll_pwait2");
  return real(set, events, count, limit, NULL);
}

int usleep(useconds_t microseconds) {
  struct timespec rest = timespec_of(sooner(microseconds * (int64_t)1000));
  return nanosleep(&rest, NULL);
}

int timerfd_settime(int timer, int flags, const struct itimerspec *new, struct itimerspec *old) {
  static int (*real)(int, int, const struct itimerspec *, struct itimerspec *);
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, "timerfd_settime");
  struct itimerspec changed = *new;
  changed.it_interval = timespec_of(sooner(nanoseconds(new->it_interval)));
  if (!(flags & TFD_TIMER_ABSTIME)) {
    changed.it_value = timespec_of(sooner(nanoseconds(new->it_value)));
  } else if (new->it_value.tv_sec < 4000000000) {
    // Of which clock is not said; the moment lies within the century of exactly one of them.
    clockid_t clock = new->it_value.tv_sec > 1000000000 ? CLOCK_REALTIME : CLOCK_MONOTONIC;
    int64_t wait = nanoseconds(new->it_value) - begin[clock];
    if (nanoseconds(new->it_value) > 0) changed.it_value = timespec_of(begin[clock] + (wait > 0 ? sooner(wait) : wait));
  }
  return real(timer, flags, &changed, old);
}
