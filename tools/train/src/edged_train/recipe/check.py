"""Checks that the sections of a recipe agree."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from edged_train.problem import Problem
from edged_train.recipe import numbers
from edged_train.recipe.data import SPLITS
from edged_train.recipe.front_end import MADE_EXTRAS, RAW_EXTRAS
from edged_train.recipe.network import MOST_TRUNKS
from edged_train.recipe.recognition import DETECTORS, HANGOVER_FRAMES, PREROLL_FRAMES, TIMES

if TYPE_CHECKING:
    from edged_train.recipe import Recipe

VOCABULARY = ("neutral", "calm", "happy", "sad", "angry", "fear", "disgust", "surprise")
"""The labels that a device can publish (`Emotion` in `Sources/Affect`); a class is one of them, or maps to one."""

CLASS_NAME = re.compile(r"[a-z0-9_-]{1,31}")
MOST_CLASSES = 16
"""The device file's limit, which `edgectl quantize` would report only after training."""


def check(recipe: Recipe, origin: str) -> None:
    """Raises `Problem` with the first contradiction; `origin` names the recipe in it."""
    for what in _contradictions(recipe):
        raise Problem(f"{origin}: {what}")


def _contradictions(recipe: Recipe) -> Iterator[str]:
    if len(recipe.classes) < 2 or len(set(recipe.classes)) != len(recipe.classes):
        yield "classes must name at least two different labels"
    yield from _of_classes(recipe)
    yield from numbers.contradictions(recipe)
    yield from _of_labels(recipe)
    yield from _of_front_end(recipe)
    yield from _of_recognition(recipe)
    yield from _of_data(recipe)
    if recipe.training.schedule not in ("cosine", "plateau"):
        yield "training.schedule must be cosine or plateau"
    if recipe.training.clean_teachers and (not recipe.training.distillation or recipe.data.copies):
        yield "training.clean_teachers needs training.distillation, and no data.copies, of which the clips are held out"
    if recipe.evaluation.protocol not in ("sessions", "whole"):
        yield "evaluation.protocol must be sessions or whole"
    if not 0 <= recipe.augmentation.degraded < recipe.augmentation.versions:
        yield "augmentation.degraded must be fewer than augmentation.versions"
    if recipe.augmentation.telephones_drawn >= 0 and not recipe.augmentation.degraded:
        yield "augmentation.telephones_drawn needs augmentation.degraded: without, no version is over a telephone"
    if not recipe.network.dilations or not recipe.network.pooling:
        yield "network.dilations and network.pooling must each name something"
    most = MOST_TRUNKS if recipe.network.kind == "cnn_lstm" else 1
    if not 1 <= recipe.network.trunks <= most:
        yield f"network.trunks must lie in 1…{MOST_TRUNKS}, and be 1 unless network.kind is cnn_lstm"
    yield from _of_centring(recipe)
    yield from _of_numbers("augmentation", recipe.augmentation)
    yield from _of_numbers("segmentation", recipe.segmentation)
    yield from _of_numbers("data", recipe.data)
    yield from _of_network(recipe)


def _of_classes(recipe: Recipe) -> Iterator[str]:
    if len(recipe.classes) > MOST_CLASSES:
        yield f"classes are {len(recipe.classes)}, and a device tells at most {MOST_CLASSES} apart"
    for name in recipe.classes:
        if not CLASS_NAME.fullmatch(name):
            yield f"the class {name!r} needs a name of 1 to 31 characters out of a–z, 0–9, _ and -"


def _of_labels(recipe: Recipe) -> Iterator[str]:
    known = f"one of {', '.join(VOCABULARY)}"
    for name in recipe.labels:
        if name not in recipe.classes:
            yield f"labels.{name} is no class of the recipe"
    for name in recipe.classes:
        word = recipe.labels.get(name, name)
        if word not in VOCABULARY and name in recipe.labels:
            yield f"labels.{name} is {word!r}: a device says {known}"
        elif word not in VOCABULARY:
            yield f"the class {name} is no word that a device says: name {known} for it in the table labels"


def _of_centring(recipe: Recipe) -> Iterator[str]:
    network, together = recipe.network, recipe.segmentation.together
    if not 0 <= network.centre_segments <= 64 or not 1 <= network.centre_prior <= 64:
        yield "network.centre_segments must lie in 0…64, network.centre_prior in 1…64"
    if network.centre_segments and network.kind != "cnn_lstm":
        yield "network.centre_segments is for network.kind cnn_lstm"
    if together and not (together > 1 and recipe.training.batch % together == 0):
        yield "segmentation.together must be at least 2 and divide training.batch, or be 0"
    if together and not recipe.augmentation.by_talker and recipe.augmentation.versions > 1:
        yield "segmentation.together needs augmentation.by_talker: a talker's past was heard over the same telephone"
    if together and recipe.data.copies:
        yield "segmentation.together does not go with data.copies, of which some clips have other versions"
    if together and not (recipe.segmentation.past_segments and recipe.segmentation.cold_share < 1):
        yield "segmentation.together needs past_segments and a cold_share below 1: nobody would have a past"
    if recipe.segmentation.one_sided_share and not together:
        yield "segmentation.one_sided_share needs segmentation.together"
    if bool(network.centre_segments) != bool(together):
        yield "network.centre_segments and segmentation.together need one another: who is centred must have a past"


def _of_front_end(recipe: Recipe) -> Iterator[str]:
    front_end = recipe.front_end
    if front_end.coefficients > front_end.bands:
        yield "front_end.coefficients cannot exceed front_end.bands"
    if not 0 <= front_end.fmin < front_end.fmax <= front_end.sample_rate / 2:
        yield "front_end.fmin must be below fmax, and that at most half of sample_rate"
    if front_end.frame > front_end.fft:
        yield "front_end.frame cannot exceed front_end.fft"
    augmentation = recipe.augmentation
    if augmentation.frequency_masks and augmentation.frequency_mask_coefficients > front_end.coefficients:
        yield "augmentation.frequency_mask_coefficients cannot exceed front_end.coefficients"
    cut = (recipe.frames(recipe.recognition.preroll_ms), recipe.frames(recipe.recognition.hangover_ms))
    if cut != (PREROLL_FRAMES, HANGOVER_FRAMES):
        frame = 1000 / front_end.frames_per_second
        yield (
            f"features are cut with {PREROLL_FRAMES} frames before speech and {HANGOVER_FRAMES} behind, so "
            f"recognition.preroll_ms must be {PREROLL_FRAMES * frame:g} and hangover_ms {HANGOVER_FRAMES * frame:g}"
        )
    extras = front_end.extras
    if not set(extras) <= {*RAW_EXTRAS, *MADE_EXTRAS} or len(set(extras)) != len(extras):
        yield f"front_end.extras can only be some of {', '.join([*RAW_EXTRAS, *MADE_EXTRAS])}, each once"
    if "delta_deltas" in extras and "deltas" not in extras:
        yield "front_end.extras has delta_deltas only with deltas"
    if not 0 <= front_end.running_means <= front_end.coefficients:
        yield "front_end.running_means must lie in 0…coefficients"


def _of_recognition(recipe: Recipe) -> Iterator[str]:
    """Settings that a device would refuse, which `edgectl quantize` would report only after training."""
    rate, hop = recipe.front_end.sample_rate, recipe.front_end.hop
    for key, (least, most) in TIMES.items():
        (milliseconds,) = numbers.values(recipe, key)
        frames, between = divmod(milliseconds * rate // 1000, hop)
        if between or not least <= frames <= most:
            yield f"{key} must be {least} to {most} whole frames of {1000 * hop / rate:g} ms, not {milliseconds} ms"
    recognition = recipe.recognition
    if recognition.interim_ms > recognition.context_ms:
        yield "recognition.interim_ms cannot exceed recognition.context_ms"
    if DETECTORS.get(recognition.detector) != recognition.detector_version:
        known = " or ".join(f"{kind!r} with a detector_version of {version}" for kind, version in DETECTORS.items())
        yield f"recognition.detector must be {known}"
    if not 1 <= recognition.bias_segments <= 64:
        yield "recognition.bias_segments must lie in 1…64"
    if not 0 <= recognition.baseline.segments <= 64:
        yield "recognition.baseline.segments must lie in 0…64"
    if not 1 <= recognition.baseline.prior <= 64:
        yield "recognition.baseline.prior must lie in 1…64"


def _of_network(recipe: Recipe) -> Iterator[str]:
    """Networks that cannot be built, which training would report only after preparation."""
    from edged_train import graph, layers

    try:
        graph.build(recipe.network, recipe.front_end.columns, len(recipe.classes))
        if recipe.network.kind != "layers":
            return
        windows = layers.window_frames(recipe.network, recipe.front_end.columns)
    except Problem as problem:
        yield str(problem)
        return
    for index, frames in windows.items():
        if frames > recipe.context_frames:
            yield (
                f"network.layers[{index}] (window) has {frames} frames, more than the {recipe.context_frames} "
                "of a context: raise recognition.context_ms, or shorten it"
            )


def _of_data(recipe: Recipe) -> Iterator[str]:
    data = recipe.data
    if data.split not in SPLITS:
        yield f"data.split must be one of {', '.join(SPLITS)}, not {data.split!r}"
    if data.folds and (data.folds < 2 or data.split not in ("auto", "speaker", "random")):
        yield "data.folds must be 0 or at least 2, with data.split = 'speaker' or 'random'"
    if data.held_out and (data.is_folded or data.copies or recipe.evaluation.gains_db):
        yield "data.held_out goes with one split, without data.copies, and with evaluation.gains_db = []: at other gains there are only dev clips"
    yield from _of_pattern(data.speaker_pattern)
    if data.channel < 0:
        yield "data.channel counts from 0"
    if data.copies and recipe.augmentation.versions < 2:
        yield "data.copies needs augmentation.versions of at least 2: without, there are no copies"


def _of_pattern(pattern: str) -> Iterator[str]:
    try:
        if pattern and not re.compile(pattern).groups:
            yield f"data.speaker_pattern {pattern!r} has no group: put what names the speaker into parentheses"
    except re.error as error:
        yield f"data.speaker_pattern {pattern!r} is no regular expression: {error}"


def _of_numbers(name: str, section: Any) -> Iterator[str]:
    """Every share must lie in 0…1, and no range may be empty."""
    hints = typing.get_type_hints(type(section))
    for item in fields(section):
        value = getattr(section, item.name)
        if item.name.endswith("_share") and not 0 <= value <= 1:
            yield f"{name}.{item.name} must lie in 0…1"
        if hints[item.name] == tuple[float, float] and value[0] > value[1]:
            yield f"{name}.{item.name} must be [low, high]"
