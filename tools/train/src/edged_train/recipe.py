"""A recipe: everything that decides a model, in one readable TOML file.

Each section of the file is one of the dataclasses below, field for field. A key that is not a field, a missing
one without a default, or a value of the wrong type is refused, so that a misspelt setting never trains silently.
"""

from __future__ import annotations

import dataclasses
import tomllib
import types
import typing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from edged_train.problem import Problem

SPLITS = ("auto", "given", "speaker", "random", "leave_one_speaker_out")
"""Values of `data.split`."""

VOICE_VALUES = 57
"""Values of a raw vector that `voice` adds behind the level."""

RAW_EXTRAS = {"voice": VOICE_VALUES, "zero_crossings": 1, "rms": 1, "chroma": 12, "contrast": 7, "tonnetz": 6}
"""Extras that are values of the raw vector, behind the level and in this order, and how many each is."""

PREROLL_FRAMES, HANGOVER_FRAMES = 20, 30
"""What `edgectl features` opens before the first speech and keeps open behind the last."""

MADE_EXTRAS = ("mel", "deltas", "delta_deltas")
"""Extras that are made of the bands: themselves, slopes of the coefficients, slopes of the slopes."""


@dataclass(frozen=True)
class Data:
    """Which clips, and who is held out."""

    corpus: tuple[str, ...]
    """`crema_d`, `ravdess`, `tess`, `savee`, `emo_db`, `folder` (one per label), `manifest` (TSV), or several."""
    split: str = "auto"
    """`given` by the corpus, `speaker` (whole speakers held out), `leave_one_speaker_out` or `random` (speakers
    shared: reports say so); `auto` is `given` where every clip names its part, else `speaker`."""
    dev_share: float = 0.12
    """Share of speakers, or of clips, held out where the split is not given and there are no folds."""
    folds: int = 0
    """Folds into which speakers, or clips, are dealt; 0 for one split. One preparation serves all folds."""
    fold: int = 0
    """Which fold, or which speaker of `leave_one_speaker_out`, is held out."""
    rename: dict[str, str] = field(default_factory=dict)
    """Emotions of a corpus that go by another name here: `rename = { calm = "neutral" }`."""
    drop: tuple[str, ...] = ()
    """Emotions, as renamed, whose clips are left out."""
    copies: bool = False
    """Augmented copies of the held-out clips are trained on, as in some published figures: to show what that does, and
    reports say so."""
    gendered: bool = False
    """Classes are an emotion and the speaker's gender: `angry_male`."""
    speaker_pattern: str = ""
    """For `folder`: regular expression on the file name whose first group is the speaker."""
    skip: tuple[str, ...] = ()
    """File stems left out, for known flaws."""
    title: str = ""
    licence: str = ""
    attribution: str = ""
    languages: tuple[str, ...] = ()

    @property
    def is_folded(self) -> bool:
        """Whether every clip is held out once."""
        return self.folds > 0 or self.split == "leave_one_speaker_out"

    @property
    def stores_all(self) -> bool:
        """Whether every clip is prepared for training and for judging."""
        return self.is_folded or self.copies


@dataclass(frozen=True)
class FrontEnd:
    """What the device computes for each frame. Units: samples and hertz."""

    sample_rate: int = 16000
    frame: int = 400
    hop: int = 160
    fft: int = 512
    window: str = "hann"
    bands: int = 40
    fmin: float = 60.0
    fmax: float = 7600.0
    coefficients: int = 40
    extras: tuple[str, ...] = ()
    """Features beside the coefficients, in any order: names in `RAW_EXTRAS` and `MADE_EXTRAS`. `voice` lets the level in, too."""
    running_means: int = 0
    """How many coefficients the network also gets less their running mean."""

    @property
    def values(self) -> int:
        """Values of the raw vector, from its first on, that the network's input is made of."""
        extra = sum(count for name, count in RAW_EXTRAS.items() if name in self.extras)
        return self.bands + 1 + extra if extra else self.bands

    @property
    def direct(self) -> int:
        """The first value behind the bands that reaches the network: the level with `voice`, else what follows it."""
        return self.bands if self.values == self.bands or "voice" in self.extras else self.bands + 1

    @property
    def columns(self) -> int:
        """Inputs of the network per frame, in the order of `FeatureMap`."""
        bands = self.bands if "mel" in self.extras else 0
        slopes = sum(name in self.extras for name in ("deltas", "delta_deltas")) * self.coefficients
        return self.coefficients + bands + self.values - self.direct + self.running_means + slopes

    def position(self, extra: str) -> int | None:
        """Where in the raw vector the values of an extra of `RAW_EXTRAS` begin; None without it."""
        if extra not in self.extras:
            return None
        names = list(RAW_EXTRAS)[: list(RAW_EXTRAS).index(extra)]
        return self.bands + 1 + sum(RAW_EXTRAS[name] for name in names if name in self.extras)

    def document(self) -> dict[str, Any]:
        """As `model.bin` says it, and as `edgectl features` reads it."""
        document: dict[str, Any] = {
            "sample_rate": self.sample_rate,
            "frame": self.frame,
            "hop": self.hop,
            "fft": self.fft,
            "window": self.window,
            "bands": self.bands,
            "fmin": self.fmin,
            "fmax": self.fmax,
            "coefficients": self.coefficients,
        }
        if self.extras:
            document["extras"] = list(self.extras)
        if self.running_means:
            document["running_means"] = self.running_means
        return document

    @property
    def frames_per_second(self) -> float:
        """How many frames the front end makes of one second of sound."""
        return self.sample_rate / self.hop


@dataclass(frozen=True)
class Baseline:
    """The talker's baseline: b = (Σ μ_q + prior · g) / (n + prior) − g over the last n ≤ `segments`."""

    segments: int = 20
    prior: int = 2
    speech_ms: int = 300
    """Speech below which a segment tells too little of a talker to be remembered."""
    session_gap_ms: int = 30000
    """Silence after which the talker is taken to have left."""


@dataclass(frozen=True)
class Recognition:
    """What the device's recognizer does around the network. Times in milliseconds."""

    context_ms: int = 4000
    interim_ms: int = 500
    preroll_ms: int = 200
    hangover_ms: int = 300
    detector: str = "energy"
    detector_version: int = 1
    baseline: Baseline = field(default_factory=Baseline)


@dataclass(frozen=True)
class Augmentation:
    """How stored versions and drawn batches differ from the clips. Ranges are [low, high]."""

    versions: int = 10
    """Stored versions of a training clip, the clean one included."""
    clean_share: float = 0.3
    """How often the clean version is drawn."""
    speed: tuple[float, float] = (0.86, 1.16)
    """Resampling factor, moves pitch and tempo together."""
    warp: tuple[float, float] = (0.92, 1.09)
    """Vocal tract length perturbation: factor on the mel band edges."""
    noise_share: float = 0.35
    noise_snr_db: tuple[float, float] = (8.0, 35.0)
    degraded: int = 0
    """How many of the versions, the last ones, are heard over a telephone or in more noise."""
    degraded_share: float = 0.2
    """How often one of these is drawn where the clean version is not."""
    telephone_share: float = 0.5
    """How many clips of a degraded version are heard over a telephone; the others in noise."""
    telephone_noise_share: float = 0.3
    """How often there is noise at the telephone, too."""
    babble_share: float = 0.5
    """How often the noise of a degraded version is the babble of other training clips."""
    degraded_snr_db: tuple[float, float] = (4.0, 20.0)
    stored_gain_db: tuple[float, float] = (0.0, 0.0)
    """Gain of the stored versions, before rounding to int16: reaches the floor and clipping."""
    stretch: tuple[float, float] = (1.0, 1.0)
    """Factor on the pace alone."""
    semitones: tuple[float, float] = (0.0, 0.0)
    """How far pitch and formants move at the same pace."""
    shift_ms: tuple[float, float] = (0.0, 0.0)
    """How much later the clip begins; for networks that hear whole clips."""
    room_share: float = 0.0
    """How many clips of a version are heard in a room."""
    rt60_s: tuple[float, float] = (0.2, 0.7)
    """Its reverberation time."""
    recorded_share: float = 0.0
    """How often noise that is not babble is recorded (`prepare --noise`), not coloured."""
    tempo: float = 0.1
    """Largest |ln| of a tempo change, made by repeating or dropping frames."""
    gain_db: float = 0.9
    """Standard deviation of a gain that the baseline does not know."""
    session_gain_db: float = 6.0
    """Standard deviation of a microphone gain that the baseline cancels as far as n past segments can."""
    time_masks: int = 2
    time_mask_frames: int = 16
    frequency_masks: int = 1
    frequency_mask_coefficients: int = 5
    extra_mask_share: float = 0.0
    """How often a stretch of the columns behind the coefficients is masked, too."""
    extra_mask_columns: int = 11
    mixup: float = 0.3
    """α of the Beta distribution."""
    mixup_share: float = 0.5
    """Share of batches that are mixed."""


@dataclass(frozen=True)
class Segmentation:
    """How training jitters what the detector opens."""

    jitter: tuple[float, float] = (0.3, 1.7)
    """Factor on preroll and on hangover."""
    whole_share: float = 0.2
    """How often the whole clip is taken instead."""
    cold_share: float = 0.15
    """How often no past segment is known."""
    past_segments: int = 24
    """Otherwise their number is uniform in 1…`past_segments`."""


@dataclass(frozen=True)
class Layer:
    """One layer of a network of the kind `layers`; `edged_train.layers` says which takes what."""

    op: str
    name: str = ""
    """What later layers call it in `inputs`."""
    inputs: tuple[str, ...] = ()
    """Names of earlier layers, or `features`; without any, the layer before."""
    output: int = 0
    """Channels that a convolution, a recurrent or a dense layer makes."""
    kernel: int = 0
    """Rows; of an image, rows and columns."""
    stride: int = 0
    """0 is 1, and the kernel of a pooling."""
    dilation: int = 1
    padding: str = ""
    """In a window `same`, `valid` or `causal`; "" is `valid` for a pooling, else `same`. Without a window, causal."""
    ceil: bool = False
    """Whether an unfinished window of a pooling counts."""
    frames: int = 0
    """Of a window: the last so many frames; a shorter context has zeros behind."""
    rate: float = 0.0
    """Of a dropout."""
    l1: float = 0.0
    l2: float = 0.0
    """What the loss has for each absolute weight and each squared one."""
    groups: tuple[int, ...] = ()
    """Of a pack: widths of groups of channels, all rows of one before the next."""
    channels: int = 0
    """Of a pack: values in a row of its result."""


@dataclass(frozen=True)
class Network:
    """A network: `cnn_lstm`, of causal convolutions, one LSTM, pooling over time and a dense head; or `layers`."""

    kind: str = "cnn_lstm"
    layers: tuple[Layer, ...] = ()
    """Of the kind `layers`, from the features to what the last dense layer, one output a class, reads."""
    channels: int = 112
    hidden: int = 112
    head: int = 96
    kernel: int = 3
    stem_kernel: int = 5
    dilations: tuple[int, ...] = (1, 2, 4, 4)
    """One convolution each after the stem; the first has stride 2, the others a residual connection."""
    pooling: tuple[str, ...] = ("attention", "statistics", "max")
    convolution_dropout: float = 0.0
    recurrent_dropout: float = 0.15
    head_dropout: float = 0.3


@dataclass(frozen=True)
class Training:
    """The optimizer, its schedule, and when to stop."""

    epochs: int = 60
    batch: int = 32
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.05
    """On matrices and kernels only."""
    betas: tuple[float, float] = (0.9, 0.99)
    warm_up: float = 0.06
    """Share of all steps; the schedule follows."""
    schedule: str = "cosine"
    """`cosine` to zero, or `plateau`: the rate is multiplied by `plateau_factor` whenever `plateau` evaluations bring no best."""
    plateau: int = 3
    plateau_factor: float = 0.5
    clip_norm: float = 2.0
    average: float = 0.998
    """Decay of the exponential moving average of the weights, which is what is evaluated and exported."""
    label_smoothing: float = 0.05
    evaluate_every: int = 2
    """Epochs between evaluations on the dev clips."""
    patience: int = 12
    """Evaluations without a new best after which training stops."""


@dataclass(frozen=True)
class Evaluation:
    """How the dev clips are heard."""

    protocol: str = "sessions"
    """What training's best is: in `sessions` as the device hears them, or `whole` clips, each on its own."""
    orders: int = 3
    """Random orders in which a talker's clips are heard, averaged."""
    gains_db: tuple[float, ...] = ()
    """Further microphone gains at which the dev clips are prepared and judged."""


@dataclass(frozen=True)
class Recipe:
    """One model, from clips to file."""

    name: str
    classes: tuple[str, ...]
    data: Data
    seed: int = 0
    labels: dict[str, str] = field(default_factory=dict)
    """The vocabulary label that is published for a class, where they differ."""
    front_end: FrontEnd = field(default_factory=FrontEnd)
    recognition: Recognition = field(default_factory=Recognition)
    augmentation: Augmentation = field(default_factory=Augmentation)
    segmentation: Segmentation = field(default_factory=Segmentation)
    network: Network = field(default_factory=Network)
    training: Training = field(default_factory=Training)
    evaluation: Evaluation = field(default_factory=Evaluation)

    @property
    def context_frames(self) -> int:
        """The longest stretch that the network ever sees at once."""
        return self.frames(self.recognition.context_ms)

    def frames(self, milliseconds: float) -> int:
        """A time in whole frames."""
        return round(milliseconds * self.front_end.frames_per_second / 1000)


def load(path: Path, overrides: typing.Sequence[str] = ()) -> Recipe:
    """Reads a recipe; each override is `section.key=value` with a TOML value.

    Raises `Problem` for a file that cannot be read, is not TOML, or does not describe a recipe.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Problem(f"cannot read the recipe {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Problem(f"{path} is not valid TOML: {error}") from error
    for override in overrides:
        _apply(document, override)
    return from_document(document, str(path))


def from_document(document: dict[str, Any], origin: str) -> Recipe:
    """The recipe that a parsed TOML or JSON document describes; `origin` names it in messages."""
    recipe: Recipe = _build(Recipe, document, origin, "")
    _check(recipe, origin)
    return recipe


def to_document(recipe: Recipe) -> dict[str, Any]:
    """The inverse of `from_document`, every default written out."""
    return dataclasses.asdict(recipe)


def _apply(document: dict[str, Any], override: str) -> None:
    name, equals, text = override.partition("=")
    if not equals:
        raise Problem(f"--set {override}: write section.key=value")
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError as error:
        raise Problem(f"--set {override}: {text!r} is not a TOML value (strings need quotes)") from error
    *sections, key = name.strip().split(".")
    for section in sections:
        document = document.setdefault(section, {})
    document[key] = value


def _build(kind: Any, value: Any, origin: str, where: str) -> Any:
    if dataclasses.is_dataclass(kind):
        if not isinstance(value, dict):
            raise Problem(f"{origin}: {where or 'the recipe'} must be a table")
        hints = typing.get_type_hints(kind)
        known = {item.name: item for item in dataclasses.fields(kind)}
        for key in value:
            if key not in known:
                raise Problem(f"{origin}: unknown key {where}{key}; known are {', '.join(known)}")
        for key, item in known.items():
            absent = item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING
            if absent and key not in value:
                raise Problem(f"{origin}: {where}{key} is missing")
        built = {key: _build(hints[key], child, origin, f"{where}{key}.") for key, child in value.items()}
        return typing.cast(type, kind)(**built)
    return _scalar(kind, value, origin, where.rstrip("."))


def _scalar(kind: Any, value: Any, origin: str, where: str) -> Any:
    container, arguments = typing.get_origin(kind), typing.get_args(kind)
    if container is tuple and arguments == (str, ...) and isinstance(value, str):
        return (value,)  # one name stands for a list of one
    if container is tuple and isinstance(value, (list, tuple)):
        if arguments[-1] is Ellipsis:
            return tuple(_scalar(arguments[0], item, origin, where) for item in value)
        if len(value) == len(arguments):
            return tuple(_scalar(a, item, origin, where) for a, item in zip(arguments, value, strict=True))
    elif dataclasses.is_dataclass(kind):
        return _build(kind, value, origin, f"{where}.")
    elif container is dict and isinstance(value, dict):
        return {str(key): _scalar(arguments[1], item, origin, where) for key, item in value.items()}
    elif kind is float and type(value) in (int, float):
        return float(value)
    elif isinstance(kind, type) and not isinstance(kind, types.GenericAlias) and type(value) is kind:
        return value
    expected = kind.__name__ if container is None else str(kind)
    raise Problem(f"{origin}: {where} must be {expected}, not {value!r}")


def _check(recipe: Recipe, origin: str) -> None:
    if len(recipe.classes) < 2 or len(set(recipe.classes)) != len(recipe.classes):
        raise Problem(f"{origin}: classes must name at least two different labels")
    if recipe.front_end.coefficients > recipe.front_end.bands:
        raise Problem(f"{origin}: front_end.coefficients cannot exceed front_end.bands")
    cut = (recipe.frames(recipe.recognition.preroll_ms), recipe.frames(recipe.recognition.hangover_ms))
    if cut != (PREROLL_FRAMES, HANGOVER_FRAMES):
        frame = 1000 / recipe.front_end.frames_per_second
        raise Problem(
            f"{origin}: features are cut with {PREROLL_FRAMES} frames before speech and {HANGOVER_FRAMES} behind, so "
            f"recognition.preroll_ms must be {PREROLL_FRAMES * frame:g} and hangover_ms {HANGOVER_FRAMES * frame:g}"
        )
    extras = recipe.front_end.extras
    if not set(extras) <= {*RAW_EXTRAS, *MADE_EXTRAS} or len(set(extras)) != len(extras):
        names = ", ".join([*RAW_EXTRAS, *MADE_EXTRAS])
        raise Problem(f"{origin}: front_end.extras can only be some of {names}, each once")
    if "delta_deltas" in extras and "deltas" not in extras:
        raise Problem(f"{origin}: front_end.extras has delta_deltas only with deltas")
    if recipe.training.schedule not in ("cosine", "plateau"):
        raise Problem(f"{origin}: training.schedule must be cosine or plateau")
    if recipe.evaluation.protocol not in ("sessions", "whole"):
        raise Problem(f"{origin}: evaluation.protocol must be sessions or whole")
    if not 0 <= recipe.front_end.running_means <= recipe.front_end.coefficients:
        raise Problem(f"{origin}: front_end.running_means must lie in 0…coefficients")
    if recipe.data.split not in SPLITS:
        raise Problem(f"{origin}: data.split must be one of {', '.join(SPLITS)}, not {recipe.data.split!r}")
    if recipe.data.folds and (recipe.data.folds < 2 or recipe.data.split not in ("auto", "speaker", "random")):
        raise Problem(f"{origin}: data.folds must be 0 or at least 2, with data.split = 'speaker' or 'random'")
    if recipe.data.copies and recipe.augmentation.versions < 2:
        raise Problem(f"{origin}: data.copies needs augmentation.versions of at least 2: without, there are no copies")
    if not 0 <= recipe.augmentation.degraded < recipe.augmentation.versions:
        raise Problem(f"{origin}: augmentation.degraded must be fewer than augmentation.versions")
    for name, (low, high) in {
        "augmentation.speed": recipe.augmentation.speed,
        "augmentation.warp": recipe.augmentation.warp,
        "augmentation.noise_snr_db": recipe.augmentation.noise_snr_db,
        "augmentation.stored_gain_db": recipe.augmentation.stored_gain_db,
        "augmentation.degraded_snr_db": recipe.augmentation.degraded_snr_db,
        "augmentation.stretch": recipe.augmentation.stretch,
        "augmentation.semitones": recipe.augmentation.semitones,
        "augmentation.shift_ms": recipe.augmentation.shift_ms,
        "augmentation.rt60_s": recipe.augmentation.rt60_s,
        "segmentation.jitter": recipe.segmentation.jitter,
    }.items():
        if low > high:
            raise Problem(f"{origin}: {name} must be [low, high]")
    for name, share in {
        "augmentation.clean_share": recipe.augmentation.clean_share,
        "augmentation.noise_share": recipe.augmentation.noise_share,
        "augmentation.degraded_share": recipe.augmentation.degraded_share,
        "augmentation.telephone_share": recipe.augmentation.telephone_share,
        "augmentation.telephone_noise_share": recipe.augmentation.telephone_noise_share,
        "augmentation.babble_share": recipe.augmentation.babble_share,
        "augmentation.room_share": recipe.augmentation.room_share,
        "augmentation.recorded_share": recipe.augmentation.recorded_share,
        "augmentation.mixup_share": recipe.augmentation.mixup_share,
        "augmentation.extra_mask_share": recipe.augmentation.extra_mask_share,
        "segmentation.whole_share": recipe.segmentation.whole_share,
        "segmentation.cold_share": recipe.segmentation.cold_share,
        "data.dev_share": recipe.data.dev_share,
    }.items():
        if not 0 <= share <= 1:
            raise Problem(f"{origin}: {name} must lie in 0…1")
