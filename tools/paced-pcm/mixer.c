// An ALSA mixer without a card: one capture switch and one capture volume, as they are configured. It stands beside the PCM of
// paced.c, so that what reads mixers can be tried where there is no sound card.
//
//   switch      1 lets sound through, 0 does not           volume    0 to 100

#include <alsa/asoundlib.h>
#include <alsa/control_external.h>

struct mixer {
  snd_ctl_ext_t ext;
  long values[2];  // switch, volume
};

static const char *const names[2] = {"Mic Capture Switch", "Mic Capture Volume"};

static int elem_count(snd_ctl_ext_t *ext) {
  (void)ext;
  return 2;
}

static int elem_list(snd_ctl_ext_t *ext, unsigned offset, snd_ctl_elem_id_t *id) {
  (void)ext;
  snd_ctl_elem_id_set_interface(id, SND_CTL_ELEM_IFACE_MIXER);
  snd_ctl_elem_id_set_name(id, names[offset]);
  return 0;
}

static snd_ctl_ext_key_t find_elem(snd_ctl_ext_t *ext, const snd_ctl_elem_id_t *id) {
  (void)ext;
  for (unsigned key = 0; key < 2; key++) {
    if (!strcmp(names[key], snd_ctl_elem_id_get_name(id))) return key;
  }
  return SND_CTL_EXT_KEY_NOT_FOUND;
}

static int get_attribute(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, int *type, unsigned *access, unsigned *count) {
  (void)ext;
  *type = key ? SND_CTL_ELEM_TYPE_INTEGER : SND_CTL_ELEM_TYPE_BOOLEAN;
  *access = SND_CTL_EXT_ACCESS_READWRITE;
  *count = 1;
  return 0;
}

static int get_integer_info(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, long *least, long *most, long *step) {
  (void)ext;
  *least = 0;
  *most = key ? 100 : 1;
  *step = 1;
  return 0;
}

static int read_integer(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, long *value) {
  struct mixer *mixer = ext->private_data;
  *value = mixer->values[key];
  return 0;
}

static int write_integer(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, long *value) {
  struct mixer *mixer = ext->private_data;
  int changes = mixer->values[key] != *value;
  mixer->values[key] = *value;
  return changes;
}

static int read_event(snd_ctl_ext_t *ext, snd_ctl_elem_id_t *id, unsigned *mask) {
  (void)ext, (void)id, (void)mask;
  return -EAGAIN;
}

static void close_mixer(snd_ctl_ext_t *ext) { free(ext->private_data); }

static const snd_ctl_ext_callback_t callbacks = {
    .close = close_mixer,
    .elem_count = elem_count,
    .elem_list = elem_list,
    .find_elem = find_elem,
    .get_attribute = get_attribute,
    .get_integer_info = get_integer_info,
    .read_integer = read_integer,
    .write_integer = write_integer,
    .read_event = read_event,
};

static int configure(struct mixer *mixer, snd_config_t *field) {
  const char *name;
  if (snd_config_get_id(field, &name) < 0) return 0;
  if (!strcmp(name, "type") || !strcmp(name, "comment") || !strcmp(name, "hint")) return 0;
  if (!strcmp(name, "switch")) return snd_config_get_integer(field, &mixer->values[0]);
  if (!strcmp(name, "volume")) return snd_config_get_integer(field, &mixer->values[1]);
  SNDERR("unknown field %s", name);
  return -EINVAL;
}

SND_CTL_PLUGIN_DEFINE_FUNC(paced) {
  struct mixer *mixer = calloc(1, sizeof *mixer);
  if (!mixer) return -ENOMEM;
  (void)root;
  mixer->values[0] = 1;
  mixer->values[1] = 60;

  int error = 0;
  snd_config_iterator_t position, next;
  snd_config_for_each(position, next, conf) {
    if (!error) error = configure(mixer, snd_config_iterator_entry(position));
  }
  if (!error) {
    mixer->ext.version = SND_CTL_EXT_VERSION;
    mixer->ext.callback = &callbacks;
    mixer->ext.private_data = mixer;
    mixer->ext.poll_fd = -1;
    strcpy(mixer->ext.id, "paced");
    strcpy(mixer->ext.driver, "paced");
    strcpy(mixer->ext.name, "file in real time");
    strcpy(mixer->ext.longname, "file in real time");
    strcpy(mixer->ext.mixername, "paced");
    error = snd_ctl_ext_create(&mixer->ext, name, mode);
  }
  if (error < 0) {
    free(mixer);
    return error;
  }
  *handlep = mixer->ext.handle;
  return 0;
}

SND_CTL_PLUGIN_SYMBOL(paced);
