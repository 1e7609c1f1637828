// An ALSA capture device that plays a file in real time: a microphone without hardware, for tests and the demo.
//
// To libasound it is a sound card like any other: it opens, negotiates, wakes poll() once a period, overruns when its reader
// falls a whole buffer behind. It plays raw S16_LE samples, one channel, then silence; every sample arrives exactly
// as it is in the file. Faults can be asked for, each at a frame counted from the first one played:
//
//   file        the samples                            speed     times real time, 1 by default
//   rate        samples a second, 16000 by default     xrun_at   one overrun
//   unplug_at   every call fails from then on          stall_at  a read that never returns
//   hang_at     it gives nothing for hang_ms, 1000     loop      1: the file begins again at its end
//   suspend_at  it sleeps, each time as many frames    fails     the errno of every open
//               were played since it started or woke   resumes   0: told to wake up, it sleeps on and does not say so
//   errs_at     poll() says at once that something is wrong, again and again; what it plays can be read all the same
//   buffer      the smallest buffer, in frames         wakes     how often a period it wakes poll(), 8 by default
//   report      a file of numbers of eight bytes, over all opens: see the names of places in it
//
// tools/paced-pcm/make builds it, and writes a configuration that uses it beside it.

#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

// What the report counts; times are in nanoseconds.
enum {
  FRAMES,      // read
  OVERRUNS,
  OPENS,
  UNRECORDED,  // for so long nothing was recorded
  LAST,        // when the last frame read was recorded (CLOCK_MONOTONIC)
  HANGS,       // begun
  WHILE_OPEN,  // of UNRECORDED: between the first start after an open and the close
  PLACES
};

struct paced {
  snd_pcm_ioplug_t io;
  int samples;  // the file
  int timer;    // wakes poll()
  double speed;
  long rate, xrun_at, unplug_at, stall_at, hang_at, suspend_at, errs_at;  // faults: -1 for never
  long hang_ms, fails, resumes;
  long loop, buffer, wakes;
  long long length;  // of the file, in bytes
  int64_t *report;   // see above; or NULL
  struct timespec started;
  long long before;       // frames played before the last start
  long long transferred;  // frames read since the last start
  long long hung;         // frames recorded when it began to hang, since the last start
  long long slept, woke;  // frames recorded when it fell asleep and when it woke, since the last start
  int running, unplugged, asleep, was_started;
};

static void count_unrecorded(struct paced *card, int64_t nanoseconds, int is_while_open) {
  if (!card->report) return;
  card->report[UNRECORDED] += nanoseconds;
  if (is_while_open) card->report[WHILE_OPEN] += nanoseconds;
}

static int has_come(long at, long long frame) { return at >= 0 && frame >= at; }

// Has poll() wake `wakes` times a period, for the first time after `pause` nanoseconds: a reader comes at most one part in as many late.
static int tick(struct paced *card, int64_t pause) {
  int64_t step = (int64_t)(1e9 * card->io.period_size / (card->rate * card->speed) / card->wakes);
  struct itimerspec ticks = {{step / 1000000000, step % 1000000000}, {(pause + step) / 1000000000, (pause + step) % 1000000000}};
  return timerfd_settime(card->timer, 0, &ticks, NULL) < 0 ? -errno : 0;
}

// Frames that a real card would have recorded since the last start.
static long long elapsed(struct paced *card) {
  struct timespec now;
  if (card->asleep) return card->slept;
  clock_gettime(CLOCK_MONOTONIC, &now);
  long long nanoseconds = (now.tv_sec - card->started.tv_sec) * 1000000000LL + now.tv_nsec - card->started.tv_nsec;
  long long recorded = (long long)(nanoseconds * card->speed) / 1000 * card->rate / 1000000;
  if (has_come(card->hang_at, card->before + recorded)) {
    card->hung = card->hang_at - card->before;
    card->hang_at = -1;
    int64_t end = card->started.tv_nsec + card->hang_ms * 1000000LL;
    card->started.tv_sec += end / 1000000000;
    card->started.tv_nsec = end % 1000000000;
    if (card->report) card->report[HANGS]++;
    count_unrecorded(card, card->hang_ms * 1000000LL, 1);
    // Nothing wakes anybody meanwhile, but for what makes poll() err.
    if (card->errs_at < 0) tick(card, card->hang_ms * 1000000LL);
  }
  return recorded > card->hung ? recorded : card->hung;
}

static int start(snd_pcm_ioplug_t *io) {
  struct paced *card = io->private_data;
  clock_gettime(CLOCK_MONOTONIC, &card->started);
  card->running = 1;
  card->transferred = card->hung = card->woke = 0;
  card->asleep = 0;
  int64_t now = card->started.tv_sec * 1000000000LL + card->started.tv_nsec;
  if (card->report && card->report[LAST]) count_unrecorded(card, now - card->report[LAST], card->was_started);
  card->was_started = 1;
  return tick(card, 0);
}

static int stop(snd_pcm_ioplug_t *io) {
  struct paced *card = io->private_data;
  struct itimerspec never = {{0, 0}, {0, 0}};
  timerfd_settime(card->timer, 0, &never, NULL);
  card->running = 0;
  card->before += card->transferred;
  return 0;
}

static int prepare(snd_pcm_ioplug_t *io) {
  struct paced *card = io->private_data;
  // After an overrun it goes on where the reader was.
  if (card->running) stop(io);
  return card->unplugged ? -ENODEV : 0;
}

static snd_pcm_sframes_t pointer(snd_pcm_ioplug_t *io) {
  struct paced *card = io->private_data;
  if (!card->running) return 0;
  long long recorded = elapsed(card);
  if (has_come(card->unplug_at, card->before + recorded)) {
    card->unplugged = 1;
    snd_pcm_ioplug_set_state(io, SND_PCM_STATE_DISCONNECTED);
    return -ENODEV;
  }
  if (has_come(card->xrun_at, card->before + recorded)) {
    card->xrun_at = -1;
    if (card->report) card->report[OVERRUNS]++;
    return -EPIPE;
  }
  if (recorded - card->transferred > (long long)io->buffer_size) {
    if (card->report) card->report[OVERRUNS]++;
    return -EPIPE;
  }
  return recorded % io->buffer_size;
}

static snd_pcm_sframes_t transfer(snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas,
                                  snd_pcm_uframes_t offset, snd_pcm_uframes_t count) {
  struct paced *card = io->private_data;
  long long first = card->before + card->transferred;
  if (has_come(card->stall_at, first)) pause();
  char *target = (char *)areas->addr + (areas->first + areas->step * offset) / 8;
  long long position = first * 2, left = count * 2;
  while (left > 0) {
    ssize_t size = pread(card->samples, target, left, card->loop ? position % card->length : position);
    if (size <= 0) break;
    target += size;
    position += size;
    left -= size;
  }
  memset(target, 0, left);
  card->transferred += count;
  if (card->report) {
    card->report[FRAMES] += count;
    card->report[LAST] = card->started.tv_sec * 1000000000LL + card->started.tv_nsec +
                         (int64_t)(card->transferred * 1e9 / (card->rate * card->speed));
  }
  return count;
}

static int poll_revents(snd_pcm_ioplug_t *io, struct pollfd *polled, unsigned count,
                        unsigned short *events) {
  struct paced *card = io->private_data;
  uint64_t ticks;
  (void)count;
  if (card->running && has_come(card->errs_at, card->before + elapsed(card))) {
    // The timer is not read, so that poll() never waits for it.
    *events = POLLIN | POLLERR;
    return 0;
  }
  if (polled[0].revents & POLLIN && read(card->timer, &ticks, sizeof ticks) < 0 && errno != EAGAIN)
    return -errno;
  *events = 0;
  if (!card->running) return 0;
  if (card->suspend_at >= 0 && !card->asleep && elapsed(card) - card->woke >= card->suspend_at) {
    card->slept = elapsed(card);
    card->asleep = 1;
    snd_pcm_ioplug_set_state(io, SND_PCM_STATE_SUSPENDED);
  }
  if (card->asleep) {
    *events = POLLIN | POLLERR;
    return 0;
  }
  long long recorded = elapsed(card), waiting = recorded - card->transferred;
  int lost = has_come(card->unplug_at, card->before + recorded);
  if (lost || waiting > (long long)io->buffer_size || io->state == SND_PCM_STATE_XRUN)
    *events = POLLIN | POLLERR;
  else if (waiting >= (long long)io->period_size)
    *events = POLLIN;
  return 0;
}

static int resume(snd_pcm_ioplug_t *io) {
  struct paced *card = io->private_data;
  // Of what this returns, libasound takes no notice.
  if (!card->resumes || !card->asleep) return 0;
  card->asleep = 0;
  long long missed = (elapsed(card) - card->slept) * 1000000 / card->rate * 1000;
  card->started.tv_sec += missed / 1000000000;
  card->started.tv_nsec += missed % 1000000000;
  count_unrecorded(card, missed, 1);
  card->woke = card->slept;
  snd_pcm_ioplug_set_state(io, SND_PCM_STATE_RUNNING);
  return 0;
}

static int close_card(snd_pcm_ioplug_t *io) {
  struct paced *card = io->private_data;
  close(card->samples);
  close(card->timer);
  if (card->report) munmap(card->report, PLACES * sizeof *card->report);
  free(card);
  return 0;
}

static const snd_pcm_ioplug_callback_t callbacks = {
    .start = start,
    .stop = stop,
    .prepare = prepare,
    .resume = resume,
    .pointer = pointer,
    .transfer = transfer,
    .poll_revents = poll_revents,
    .close = close_card,
};

// What the device offers: its one rate, one channel of S16_LE, any sensible period and buffer.
static int offer(snd_pcm_ioplug_t *io, long rate, long buffer) {
  unsigned access[] = {SND_PCM_ACCESS_RW_INTERLEAVED, SND_PCM_ACCESS_MMAP_INTERLEAVED};
  unsigned format[] = {SND_PCM_FORMAT_S16_LE};
  int error = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_ACCESS, 2, access);
  if (!error) error = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_FORMAT, 1, format);
  if (!error) error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_CHANNELS, 1, 1);
  if (!error) error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_RATE, rate, rate);
  if (!error) error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIOD_BYTES, 64, 1 << 16);
  if (!error) error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_BUFFER_BYTES, buffer * 2, 1 << 20);
  if (!error) error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIODS, 2, 1 << 11);
  return error;
}

// Maps the file that the numbers go to, made if it is not there.
static int open_report(struct paced *card, const char *path) {
  int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0 || ftruncate(file, PLACES * sizeof(int64_t)) < 0) return -errno;
  void *numbers = mmap(NULL, PLACES * sizeof(int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (numbers == MAP_FAILED) return -errno;
  card->report = numbers;
  card->report[OPENS]++;
  return 0;
}

// Reads one field of the configuration into the card; returns -EINVAL for an unknown one.
static int configure(struct paced *card, const char **file, snd_config_t *field) {
  const char *name;
  if (snd_config_get_id(field, &name) < 0) return 0;
  if (!strcmp(name, "type") || !strcmp(name, "comment") || !strcmp(name, "hint")) return 0;
  if (!strcmp(name, "file")) return snd_config_get_string(field, file);
  if (!strcmp(name, "rate")) return snd_config_get_integer(field, &card->rate);
  if (!strcmp(name, "speed")) return snd_config_get_ireal(field, &card->speed);
  if (!strcmp(name, "xrun_at")) return snd_config_get_integer(field, &card->xrun_at);
  if (!strcmp(name, "unplug_at")) return snd_config_get_integer(field, &card->unplug_at);
  if (!strcmp(name, "hang_at")) return snd_config_get_integer(field, &card->hang_at);
  if (!strcmp(name, "hang_ms")) return snd_config_get_integer(field, &card->hang_ms);
  if (!strcmp(name, "errs_at")) return snd_config_get_integer(field, &card->errs_at);
  if (!strcmp(name, "suspend_at")) return snd_config_get_integer(field, &card->suspend_at);
  if (!strcmp(name, "resumes")) return snd_config_get_integer(field, &card->resumes);
  if (!strcmp(name, "fails")) return snd_config_get_integer(field, &card->fails);
  if (!strcmp(name, "wakes")) return snd_config_get_integer(field, &card->wakes);
  if (!strcmp(name, "loop")) return snd_config_get_integer(field, &card->loop);
  if (!strcmp(name, "buffer")) return snd_config_get_integer(field, &card->buffer);
  if (!strcmp(name, "report")) {
    const char *path;
    int error = snd_config_get_string(field, &path);
    return error ? error : open_report(card, path);
  }
  if (!strcmp(name, "stall_at")) return snd_config_get_integer(field, &card->stall_at);
  SNDERR("unknown field %s", name);
  return -EINVAL;
}

SND_PCM_PLUGIN_DEFINE_FUNC(paced) {
  struct paced *card = calloc(1, sizeof *card);
  if (!card) return -ENOMEM;
  card->rate = 16000;
  card->speed = 1;
  card->buffer = 128;
  card->wakes = 8;
  card->xrun_at = card->unplug_at = card->stall_at = card->hang_at = card->suspend_at = card->errs_at = -1;
  card->hang_ms = 1000;
  card->resumes = 1;
  card->samples = card->timer = -1;
  (void)root;

  const char *file = NULL;
  int error = stream == SND_PCM_STREAM_CAPTURE ? 0 : -EINVAL;
  snd_config_iterator_t position, next;
  snd_config_for_each(position, next, conf) {
    if (!error) error = configure(card, &file, snd_config_iterator_entry(position));
  }
  if (!error && !file) {
    SNDERR("a file to play is missing");
    error = -EINVAL;
  }
  if (!error && (card->samples = open(file, O_RDONLY | O_CLOEXEC)) < 0) error = -errno;
  if (!error) error = -(int)card->fails;
  struct stat status;
  if (!error && (fstat(card->samples, &status) < 0 || (card->length = status.st_size) < 2)) error = -EINVAL;
  if (!error && (card->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) < 0)
    error = -errno;
  if (!error) {
    card->io.version = SND_PCM_IOPLUG_VERSION;
    card->io.name = "file in real time";
    card->io.callback = &callbacks;
    card->io.private_data = card;
    card->io.poll_fd = card->timer;
    card->io.poll_events = POLLIN;
    error = snd_pcm_ioplug_create(&card->io, name, stream, mode);
  }
  if (error) {
    if (card->samples >= 0) close(card->samples);
    if (card->timer >= 0) close(card->timer);
    if (card->report) munmap(card->report, PLACES * sizeof *card->report);
    free(card);
    return error;
  }
  if ((error = offer(&card->io, card->rate, card->buffer)) < 0) {
    snd_pcm_ioplug_delete(&card->io);  // calls close_card
    return error;
  }
  *pcmp = card->io.pcm;
  return 0;
}

SND_PCM_PLUGIN_SYMBOL(paced);
