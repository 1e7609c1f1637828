// An ALSA capture device that plays a file in real time: a microphone without hardware, for tests and the demo.
//
// To libasound it is a sound card like any other: it opens, negotiates, wakes poll() once a period, overruns when its reader
// falls a whole buffer behind. It plays raw S16_LE samples, one channel, then silence; every sample arrives exactly
// as it is in the file. Faults can be asked for, each at a frame counted from the first one played:
//
//   file        the samples                            speed     times real time, 1 by default
//   rate        samples a second, 16000 by default     xrun_at   one overrun
//   unplug_at   every call fails from then on          stall_at  a read that never returns
//
// tools/paced-pcm/make builds it and prints a configuration that uses it.

#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <fcntl.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

struct paced {
  snd_pcm_ioplug_t io;
  int samples;  // the file
  int timer;    // wakes poll()
  double speed;
  long rate, xrun_at, unplug_at, stall_at;  // faults: -1 for never
  struct timespec started;
  long long before;       // frames played before the last start
  long long transferred;  // frames read since the last start
  int running, unplugged;
};

// Frames that a real card would have recorded since the last start.
static long long elapsed(const struct paced *card) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  double seconds = (now.tv_sec - card->started.tv_sec) + (now.tv_nsec - card->started.tv_nsec) / 1e9;
  return (long long)(seconds * card->rate * card->speed);
}

static int has_come(long at, long long frame) { return at >= 0 && frame >= at; }

static int start(snd_pcm_ioplug_t *io) {
  struct paced *card = io->private_data;
  clock_gettime(CLOCK_MONOTONIC, &card->started);
  card->running = 1;
  card->transferred = 0;
  // Eight times a period: a reader then wakes at most an eighth late.
  long nanoseconds = (long)(1e9 * io->period_size / (card->rate * card->speed) / 8);
  struct timespec tick = {nanoseconds / 1000000000, nanoseconds % 1000000000};
  struct itimerspec ticks = {tick, tick};
  return timerfd_settime(card->timer, 0, &ticks, NULL) < 0 ? -errno : 0;
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
  card->running = 0;
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
    return -EPIPE;
  }
  if (recorded - card->transferred > (long long)io->buffer_size) return -EPIPE;
  return recorded % io->buffer_size;
}

static snd_pcm_sframes_t transfer(snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas,
                                  snd_pcm_uframes_t offset, snd_pcm_uframes_t count) {
  struct paced *card = io->private_data;
  long long first = card->before + card->transferred;
  if (has_come(card->stall_at, first)) pause();
  char *target = (char *)areas->addr + (areas->first + areas->step * offset) / 8;
  ssize_t size = pread(card->samples, target, count * 2, first * 2);
  if (size < 0) size = 0;
  memset(target + size, 0, count * 2 - size);
  card->transferred += count;
  return count;
}

static int poll_revents(snd_pcm_ioplug_t *io, struct pollfd *polled, unsigned count,
                        unsigned short *events) {
  struct paced *card = io->private_data;
  uint64_t ticks;
  (void)count;
  if (polled[0].revents & POLLIN && read(card->timer, &ticks, sizeof ticks) < 0 && errno != EAGAIN)
    return -errno;
  *events = 0;
  if (!card->running) return 0;
  long long recorded = elapsed(card), waiting = recorded - card->transferred;
  int lost = has_come(card->unplug_at, card->before + recorded);
  if (lost || waiting > (long long)io->buffer_size || io->state == SND_PCM_STATE_XRUN)
    *events = POLLIN | POLLERR;
  else if (waiting >= (long long)io->period_size)
    *events = POLLIN;
  return 0;
}

static int close_card(snd_pcm_ioplug_t *io) {
  struct paced *card = io->private_data;
  close(card->samples);
  close(card->timer);
  free(card);
  return 0;
}

static const snd_pcm_ioplug_callback_t callbacks = {
    .start = start,
    .stop = stop,
    .prepare = prepare,
    .pointer = pointer,
    .transfer = transfer,
    .poll_revents = poll_revents,
    .close = close_card,
};

// What the device offers: its one rate, one channel of S16_LE, any sensible period and buffer.
static int offer(snd_pcm_ioplug_t *io, long rate) {
  unsigned access[] = {SND_PCM_ACCESS_RW_INTERLEAVED, SND_PCM_ACCESS_MMAP_INTERLEAVED};
  unsigned format[] = {SND_PCM_FORMAT_S16_LE};
  int error = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_ACCESS, 2, access);
  if (!error) error = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_FORMAT, 1, format);
  if (!error) error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_CHANNELS, 1, 1);
  if (!error) error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_RATE, rate, rate);
  if (!error) error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIOD_BYTES, 64, 1 << 16);
  if (!error) error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_BUFFER_BYTES, 256, 1 << 20);
  if (!error) error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIODS, 2, 64);
  return error;
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
  if (!strcmp(name, "stall_at")) return snd_config_get_integer(field, &card->stall_at);
  SNDERR("unknown field %s", name);
  return -EINVAL;
}

SND_PCM_PLUGIN_DEFINE_FUNC(paced) {
  struct paced *card = calloc(1, sizeof *card);
  if (!card) return -ENOMEM;
  card->rate = 16000;
  card->speed = 1;
  card->xrun_at = card->unplug_at = card->stall_at = -1;
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
    free(card);
    return error;
  }
  if ((error = offer(&card->io, card->rate)) < 0) {
    snd_pcm_ioplug_delete(&card->io);  // calls close_card
    return error;
  }
  *pcmp = card->io.pcm;
  return 0;
}

SND_PCM_PLUGIN_SYMBOL(paced);
