// Has time pass for one program only while all of it waits: LD_PRELOAD this, and its clocks stand still as long as any of its threads has
// something to do, then leap to the next moment that one of them waits for. So a week can be lived through as fast as the processor
// allows, and however busy the machine is, nothing in it ever comes late. HURRY=500 in the environment is the most that time may be
// faster than it is, in the mean.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { MOST_TIMERS = 64, MOST_THREADS = 16, MOST_POLLED = 64, CLOCKS = 16 };
static const int64_t second = 1000000000;
static const int64_t never = INT64_MAX;

static int (*real_clock)(clockid_t, struct timespec *);
static int (*real_ppoll)(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *);
static int (*real_epoll)(int, struct epoll_event *, int, int);
static int (*real_create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
static int (*real_join)(pthread_t, void **);
static int (*real_close)(int);

static double speed;               // 0: as fast as it goes
static int64_t begin[CLOCKS];      // by clock: when the program started, in nanoseconds
static _Atomic int64_t passed;     // since then
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int threads = 1, waiting;   // of this program; how many of them wait

// A timer is an eventfd that is written when its moment comes.
static struct {
  int descriptor;
  clockid_t clock;
  int64_t due, interval;
} timers[MOST_TIMERS];
static int timer_count;

// A thread that waits: for descriptors, for a moment, or both. Its bell is rung when the moment comes.
struct waiter {
  struct pollfd *polled;
  nfds_t count;
  int64_t due;
  int bell, is_rung;
};
static struct waiter *waiters[MOST_THREADS];
static __thread int bell = -1;

static int64_t nanoseconds(struct timespec time) {
  return time.tv_sec < never / second ? time.tv_sec * second + time.tv_nsec : never;
}

static struct timespec timespec_of(int64_t time) { return (struct timespec){time / second, time % second}; }

// Clocks of the world, not those of processor time.
static int hurries(clockid_t clock) {
  return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME || clock == CLOCK_MONOTONIC_RAW ||
         clock == CLOCK_REALTIME_COARSE || clock == CLOCK_MONOTONIC_COARSE;
}

static int64_t real_now(clockid_t clock) {
  struct timespec now;
  return real_clock(clock, &now) ? 0 : nanoseconds(now);
}

__attribute__((constructor)) static void start(void) {
  *(void **)&real_clock = dlsym(RTLD_NEXT, "clock_gettime");
  *(void **)&real_ppoll = dlsym(RTLD_NEXT, "ppoll");
  *(void **)&real_epoll = dlsym(RTLD_NEXT, "epoll_wait");
  *(void **)&real_create = dlsym(RTLD_NEXT, "pthread_create");
  *(void **)&real_join = dlsym(RTLD_NEXT, "pthread_join");
  *(void **)&real_close = dlsym(RTLD_NEXT, "close");
  if (getenv("HURRY")) speed = atof(getenv("HURRY"));
  for (clockid_t clock = 0; clock < CLOCKS; clock++)
    if (hurries(clock)) begin[clock] = real_now(clock);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  if (!real_clock) start();
  if (!hurries(clock)) return real_clock(clock, now);
  *now = timespec_of(begin[clock] + passed);
  return 0;
}

static void ring(int descriptor) {
  uint64_t one = 1;
  while (write(descriptor, &one, 8) < 0 && errno == EINTR) {}
}

// Waits until time would not be faster than it may be.
static void keep_pace(int64_t until) {
  if (speed <= 0) return;
  int64_t ahead = (int64_t)(until / speed) - (real_now(CLOCK_MONOTONIC) - begin[CLOCK_MONOTONIC]);
  struct timespec rest = timespec_of(ahead);
  if (ahead > 100000) real_ppoll(NULL, 0, &rest, NULL);
}

// Whether something has come that a waiting thread has not seen yet.
static int has_news(void) {
  static struct pollfd all[MOST_POLLED];
  nfds_t count = 0;
  for (int i = 0; i < MOST_THREADS; i++) {
    if (!waiters[i]) continue;
    if (waiters[i]->is_rung) return 1;
    if (count + waiters[i]->count > MOST_POLLED) abort();
    for (nfds_t j = 0; j < waiters[i]->count; j++) all[count++] = waiters[i]->polled[j];
  }
  struct timespec zero = {0, 0};
  return real_ppoll(all, count, &zero, NULL) != 0;
}

// Called with the lock held whenever a thread begins to wait or ends: if all wait, and for nothing that is there already, the next
// moment that anything waits for is now.
static void leap(void) {
  if (waiting < threads || has_news()) return;
  int64_t next = never;
  for (int i = 0; i < timer_count; i++)
    if (timers[i].due < next) next = timers[i].due;
  for (int i = 0; i < MOST_THREADS; i++)
    if (waiters[i] && waiters[i]->due < next) next = waiters[i]->due;
  if (next == never) return;
  keep_pace(next);
  if (next > passed) passed = next;
  for (int i = 0; i < timer_count; i++) {
    if (timers[i].due > passed) continue;
    timers[i].due = timers[i].interval > 0 ? timers[i].due + timers[i].interval : never;
    ring(timers[i].descriptor);
  }
  for (int i = 0; i < MOST_THREADS; i++) {
    if (!waiters[i] || waiters[i]->due > passed) continue;
    waiters[i]->is_rung = 1;
    ring(waiters[i]->bell);
  }
}

static int begin_wait(struct waiter *self) {
  int place = 0;
  while (place < MOST_THREADS && waiters[place]) place++;
  if (place == MOST_THREADS) abort();
  waiters[place] = self;
  waiting++;
  leap();
  return place;
}

// Waits for one of `count` descriptors, for so long at most; what poll() gives.
static int wait_for(struct pollfd *polled, nfds_t count, int64_t duration) {
  struct timespec zero = {0, 0};
  int64_t due = duration < 0 || duration > never / 2 ? never : passed + duration;
  if (bell < 0) bell = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (count + 1 > MOST_POLLED) abort();
  struct pollfd seen[MOST_POLLED];
  while (1) {
    int ready = count ? real_ppoll(polled, count, &zero, NULL) : 0;
    if (ready || passed >= due) return ready;
    memcpy(seen, polled, count * sizeof *polled);
    seen[count] = (struct pollfd){bell, POLLIN, 0};
    struct waiter self = {polled, count, due, bell, 0};
    pthread_mutex_lock(&lock);
    int place = begin_wait(&self);
    pthread_mutex_unlock(&lock);
    ready = real_ppoll(seen, count + 1, NULL, NULL);
    int error = errno;
    pthread_mutex_lock(&lock);
    waiting--;
    waiters[place] = NULL;
    pthread_mutex_unlock(&lock);
    uint64_t rings;
    if (self.is_rung && read(bell, &rings, 8) < 0) abort();
    errno = error;
    if (ready < 0) return -1;
  }
}

int poll(struct pollfd *polled, nfds_t count, int milliseconds) {
  return wait_for(polled, count, milliseconds < 0 ? -1 : milliseconds * (int64_t)1000000);
}

int epoll_wait(int set, struct epoll_event *events, int count, int milliseconds) {
  struct pollfd polled = {set, POLLIN, 0};
  if (wait_for(&polled, 1, milliseconds < 0 ? -1 : milliseconds * (int64_t)1000000) < 0) return -1;
  return real_epoll(set, events, count, 0);
}

// What sd-event calls.
int epoll_pwait2(int set, struct epoll_event *events, int count, const struct timespec *limit, const sigset_t *mask) {
  (void)mask;
  struct pollfd polled = {set, POLLIN, 0};
  if (wait_for(&polled, 1, limit ? nanoseconds(*limit) : -1) < 0) return -1;
  return real_epoll(set, events, count, 0);
}

int usleep(useconds_t microseconds) { return wait_for(NULL, 0, microseconds * (int64_t)1000); }

int timerfd_create(int clock, int flags) {
  int descriptor = eventfd(0, flags);  // the flags are the same
  if (descriptor < 0) return -1;
  pthread_mutex_lock(&lock);
  int place = 0;
  while (place < timer_count && timers[place].descriptor >= 0) place++;
  if (place == MOST_TIMERS) abort();
  if (place == timer_count) timer_count++;
  timers[place].descriptor = descriptor;
  timers[place].clock = clock;
  timers[place].due = never;
  pthread_mutex_unlock(&lock);
  return descriptor;
}

int timerfd_settime(int timer, int flags, const struct itimerspec *new, struct itimerspec *old) {
  if (old) memset(old, 0, sizeof *old);
  int64_t value = nanoseconds(new->it_value);
  pthread_mutex_lock(&lock);
  for (int i = 0; i < timer_count; i++) {
    if (timers[i].descriptor != timer) continue;
    uint64_t rings;
    if (read(timer, &rings, 8) < 0 && errno != EAGAIN) abort();
    int64_t due = flags & TFD_TIMER_ABSTIME ? value - begin[timers[i].clock] : passed + value;
    timers[i].due = value == 0 || value == never ? never : due;
    timers[i].interval = nanoseconds(new->it_interval);
  }
  pthread_mutex_unlock(&lock);
  return 0;
}

int close(int descriptor) {
  if (!real_close) start();
  pthread_mutex_lock(&lock);
  for (int i = 0; i < timer_count; i++) {
    if (timers[i].descriptor != descriptor) continue;
    timers[i].descriptor = -1;
    timers[i].due = never;
  }
  pthread_mutex_unlock(&lock);
  return real_close(descriptor);
}

struct beginning {
  void *(*body)(void *);
  void *context;
};

static void *live(void *argument) {
  struct beginning beginning = *(struct beginning *)argument;
  free(argument);
  void *result = beginning.body(beginning.context);
  if (bell >= 0) close(bell);
  pthread_mutex_lock(&lock);
  threads--;
  leap();
  pthread_mutex_unlock(&lock);
  return result;
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *context) {
  struct beginning *beginning = malloc(sizeof *beginning);
  if (!beginning) return ENOMEM;
  *beginning = (struct beginning){body, context};
  pthread_mutex_lock(&lock);
  threads++;
  pthread_mutex_unlock(&lock);
  int error = real_create(thread, attributes, live, beginning);
  if (error) abort();
  return error;
}

// Who waits for a thread's end has nothing to do either.
int pthread_join(pthread_t thread, void **result) {
  struct waiter self = {NULL, 0, never, -1, 0};
  pthread_mutex_lock(&lock);
  int place = begin_wait(&self);
  pthread_mutex_unlock(&lock);
  int error = real_join(thread, result);
  pthread_mutex_lock(&lock);
  waiting--;
  waiters[place] = NULL;
  pthread_mutex_unlock(&lock);
  return error;
}
