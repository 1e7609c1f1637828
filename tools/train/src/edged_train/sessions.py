"""Judging clips as the device would: segment by segment, context by context, the talker's past in the baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
import torch
from numpy.typing import NDArray

from edged_train import baseline
from edged_train.bias import Expectation, TalkerBias
from edged_train.clips import ClipSet, Segment, Version
from edged_train.frontend import FeatureMap
from edged_train.network import GraphNetwork
from edged_train.recipe import Recipe

CONTEXTS_TOGETHER = 64
"""Contexts in one batch."""


@dataclass(frozen=True)
class Heard:
    """A context that the network judges, and what is subtracted from it."""

    clip: int
    start: int
    end: int
    offset: NDArray[np.float32]
    """Baseline b, [values]."""
    session: int
    """Which session it is of."""
    segment: int
    """Which of all segments it is of, in the order of hearing."""
    is_telling: bool
    """Whether the segment has speech enough to tell something of its talker."""
    bias: NDArray[np.float64] | float = 0.0
    """The talker's bias, subtracted from its logits [class]."""


@dataclass(frozen=True)
class Judgement:
    """What was made of every clip of a set."""

    logits: NDArray[np.float32]
    """Mean over a clip's contexts, weighted by frames [clip, class]; NaN where no speech was detected."""
    known: NDArray[np.int64]
    """Past segments in the baseline when the clip began."""


def cold(recipe: Recipe, clips: ClipSet, whole: bool) -> tuple[list[Heard], NDArray[np.int64]]:
    """Every clip on its own, each the first that is heard of its talker."""
    each = [np.array([clip]) for clip in range(len(clips.clips))]
    return _sessions(recipe, clips, each, whole)


def warm(
    recipe: Recipe, clips: ClipSet, whole: bool, random: np.random.Generator
) -> tuple[list[Heard], NDArray[np.int64]]:
    """One session a talker, the clips in random order, the first of them cold."""
    orders = [random.permutation(members) for members in clips.speakers().values()]
    return _sessions(recipe, clips, orders, whole)


def acquainted(recipe: Recipe, clips: ClipSet, count: int, random: np.random.Generator) -> list[Heard]:
    """Every clip's live path after `count` segments of the talker's other clips, at random; fewer where there are none.

    Each is a session of its own, that begins with the baseline and without the talker's bias.
    """
    version = clips.versions[0]
    heard: list[Heard] = []
    for members in clips.speakers().values():
        past = [(clip, mean) for clip in members.tolist() for mean in _remembered(recipe, version, clip)]
        for clip in members.tolist():
            others = [mean for owner, mean in past if owner != clip]
            chosen = random.permutation(len(others))[:count].tolist()
            offset = _offset(recipe, [others[index] for index in chosen], clips.centre)
            for segment in version.segments[clip]:
                telling = _is_remembered(recipe, segment)
                heard += _contexts(recipe, Heard(clip, segment.start, segment.end, offset, clip, len(heard), telling))
    return heard


def beginnings(heard: Sequence[Heard], frames: int) -> list[Heard]:
    """The first frames of every clip, of all its contexts together; all of a clip that has no more."""
    left: dict[int, int] = {}
    kept = []
    for context in heard:
        budget = left.get(context.clip, frames)
        if budget > 0:
            kept.append(replace(context, end=min(context.end, context.start + budget)))
        left[context.clip] = budget - (context.end - context.start)
    return kept


def _remembered(recipe: Recipe, version: Version, clip: int) -> list[NDArray[np.float32]]:
    pairs = zip(version.segments[clip], version.segment_means[clip], strict=True)
    return [mean for segment, mean in pairs if _is_remembered(recipe, segment)]


def _sessions(
    recipe: Recipe, clips: ClipSet, sessions: Sequence[NDArray[np.int64]], whole: bool
) -> tuple[list[Heard], NDArray[np.int64]]:
    """Contexts in the order of hearing, and the number of known segments by clip.

    With `whole`, the network hears the undetected clip; the baseline still remembers detected speech only.
    """
    version = clips.versions[0]
    settings = recipe.recognition.baseline
    heard: list[Heard] = []
    known = np.zeros(len(clips.clips), np.int64)
    for index, session in enumerate(sessions):
        past: list[NDArray[np.float32]] = []
        for clip in session.tolist():
            known[clip] = len(past)
            segments = version.segments[clip]
            if whole:
                offset = _offset(recipe, past, clips.centre)
                spoken = sum(segment.speech_frames for segment in segments)
                telling = spoken >= recipe.frames(settings.speech_ms)
                heard += _contexts(
                    recipe, Heard(clip, 0, int(version.lengths[clip]), offset, index, len(heard), telling)
                )
            for segment, mean in zip(segments, version.segment_means[clip], strict=True):
                if not whole:
                    offset, telling = _offset(recipe, past, clips.centre), _is_remembered(recipe, segment)
                    heard += _contexts(
                        recipe, Heard(clip, segment.start, segment.end, offset, index, len(heard), telling)
                    )
                if _is_remembered(recipe, segment):
                    past = [*past, mean][-settings.segments :] if settings.segments else []
    return heard, known


def _is_remembered(recipe: Recipe, segment: Segment) -> bool:
    return segment.speech_frames >= recipe.frames(recipe.recognition.baseline.speech_ms)


def _offset(recipe: Recipe, past: list[NDArray[np.float32]], centre: NDArray[np.float32]) -> NDArray[np.float32]:
    means = np.array(past, np.float32).reshape(len(past), len(centre))
    return baseline.offset(means, centre, recipe.recognition.baseline.prior)


def _contexts(recipe: Recipe, segment: Heard) -> list[Heard]:
    """A segment in contexts."""
    longest = recipe.context_frames
    starts = range(segment.start, segment.end, longest)
    return [replace(segment, start=at, end=min(segment.end, at + longest)) for at in starts]


def judge(
    network: GraphNetwork, feature_map: FeatureMap, clips: ClipSet, heard: Sequence[Heard]
) -> NDArray[np.float32]:
    """Logits of every clip: the mean over its contexts, weighted by their frames, less the talker's bias."""
    return _by_clip(clips, heard, _context_logits(network, feature_map, clips, heard))


def _by_clip(clips: ClipSet, heard: Sequence[Heard], logits: NDArray[np.float64]) -> NDArray[np.float32]:
    sums = np.zeros((len(clips.clips), logits.shape[1]))
    frames = np.zeros((len(clips.clips), 1))
    for context, value in zip(heard, logits, strict=True):
        sums[context.clip] += (value - context.bias) * (context.end - context.start)
        frames[context.clip] += context.end - context.start
    with np.errstate(invalid="ignore"):
        return np.asarray(sums / frames, dtype=np.float32)


def with_bias(
    recipe: Recipe,
    network: GraphNetwork,
    feature_map: FeatureMap,
    clips: ClipSet,
    heard: Sequence[Heard],
    expectation: Expectation | None,
) -> list[Heard]:
    """The same contexts in the order of hearing, each with what is known by then of how the network takes its talker."""
    if expectation is None:
        return list(heard)
    return _biased(recipe, heard, _context_logits(network, feature_map, clips, heard), expectation)


def _biased(
    recipe: Recipe, heard: Sequence[Heard], logits: NDArray[np.float64], expectation: Expectation
) -> list[Heard]:
    known: list[Heard] = []
    for _, session in groupby(zip(heard, logits, strict=True), key=lambda pair: pair[0].session):
        talker = TalkerBias(recipe.recognition.bias_segments, expectation)
        for _, segment in groupby(session, key=lambda pair: pair[0].segment):
            contexts = list(segment)
            known += [replace(context, bias=talker.offset) for context, _ in contexts]
            if contexts[0][0].is_telling:
                lengths = [context.end - context.start for context, _ in contexts]
                talker.add(np.average([value for _, value in contexts], axis=0, weights=lengths))
    return known


@torch.inference_mode()
def _context_logits(
    network: GraphNetwork, feature_map: FeatureMap, clips: ClipSet, heard: Sequence[Heard]
) -> NDArray[np.float64]:
    """What the network says of each context, [context, class]."""
    device = next(network.parameters()).device
    network.eval()
    version = clips.versions[0]
    order = sorted(range(len(heard)), key=lambda index: heard[index].end - heard[index].start)
    logits: dict[int, NDArray[np.float32]] = {}
    for first in range(0, len(order), CONTEXTS_TOGETHER):
        indices = order[first : first + CONTEXTS_TOGETHER]
        batch = [heard[index] for index in indices]
        lengths = torch.tensor([context.end - context.start for context in batch])
        features = torch.zeros(len(batch), int(lengths.max()), len(feature_map.mean))
        for row, context in enumerate(batch):
            at = int(version.first_frame[context.clip])
            rows = clips.frames[at + context.start : at + context.end].float()
            columns = feature_map.columns(rows - torch.from_numpy(context.offset))
            features[row, : len(rows)] = feature_map.standardize(columns)
        values = network(features.to(device), lengths.to(device)).float().cpu().numpy()
        logits |= dict(zip(indices, values, strict=True))
    return np.stack([logits[index] for index in range(len(heard))]).astype(np.float64)


def hear(
    recipe: Recipe,
    network: GraphNetwork,
    feature_map: FeatureMap,
    clips: ClipSet,
    *,
    whole: bool,
    order: int | None,
    bias: Expectation | None = None,
) -> Judgement:
    """Judges a set cold (`order` None) or in sessions whose order is drawn from the seed `order`."""
    if order is None:
        heard, known = cold(recipe, clips, whole)
    else:
        heard, known = warm(recipe, clips, whole, np.random.default_rng(order))
    logits = _context_logits(network, feature_map, clips, heard)
    if bias is not None:
        heard = _biased(recipe, heard, logits, bias)
    return Judgement(_by_clip(clips, heard, logits), known)
