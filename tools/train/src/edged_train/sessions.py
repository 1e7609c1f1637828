"""Judges clips as the device would: by segments and contexts, with the talker's past in the baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from edged_train import baseline
from edged_train.bias import Expectation, TalkerBias
from edged_train.centring import TalkerMean
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
    """Index of its session."""
    segment: int
    """Identifies its segment, in the order of hearing."""
    is_telling: bool
    """Whether the segment has enough speech to be remembered."""
    bias: NDArray[np.float64] | float = 0.0
    """The talker's bias, subtracted from its logits [class]."""
    means: Mapping[str, Tensor] | None = None
    """Means of the talker's past segments by centring node; None for an unknown talker."""


@dataclass(frozen=True)
class Judgement:
    """The result for every clip of a set."""

    logits: NDArray[np.float32]
    """Mean over a clip's contexts, weighted by frames [clip, class]; NaN where no speech was detected."""
    known: NDArray[np.int64]
    """Past segments in the baseline when the clip began."""


def cold(recipe: Recipe, clips: ClipSet, whole: bool) -> tuple[list[Heard], NDArray[np.int64]]:
    """Every clip on its own, as if its talker were unknown."""
    each = [np.array([clip]) for clip in range(len(clips.clips))]
    return _sessions(recipe, clips, each, whole)


def warm(
    recipe: Recipe, clips: ClipSet, whole: bool, random: np.random.Generator
) -> tuple[list[Heard], NDArray[np.int64]]:
    """One session per talker, with the clips in random order; the first is cold."""
    orders = [random.permutation(members) for members in clips.speakers().values()]
    return _sessions(recipe, clips, orders, whole)


def acquainted(recipe: Recipe, clips: ClipSet, count: int, random: np.random.Generator) -> list[Heard]:
    """Every clip's live path after `count` random segments of the talker's other clips, or as many as there are.

    Each is a session of its own that starts with only the baseline: no talker's bias, no centring.
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
    """The first `frames` frames of every clip, counted over all its contexts; all of a shorter clip."""
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

    With `whole`, the network gets the whole clip; the baseline still remembers only detected speech.
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
    """Splits a segment into contexts."""
    longest = recipe.context_frames
    starts = range(segment.start, segment.end, longest)
    return [replace(segment, start=at, end=min(segment.end, at + longest)) for at in starts]


def judge(
    network: GraphNetwork, feature_map: FeatureMap, clips: ClipSet, heard: Sequence[Heard]
) -> NDArray[np.float32]:
    """Logits of every clip: the mean over its contexts, weighted by frames, less the talker's bias."""
    return _by_clip(clips, heard, _logits(network, heard, _values(network, feature_map, clips, heard)))


def _by_clip(clips: ClipSet, heard: Sequence[Heard], logits: NDArray[np.float64]) -> NDArray[np.float32]:
    sums = np.zeros((len(clips.clips), logits.shape[1]))
    frames = np.zeros((len(clips.clips), 1))
    for context, value in zip(heard, logits, strict=True):
        sums[context.clip] += (value - context.bias) * (context.end - context.start)
        frames[context.clip] += context.end - context.start
    with np.errstate(invalid="ignore"):
        return np.asarray(sums / frames, dtype=np.float32)


def knowing(
    recipe: Recipe,
    network: GraphNetwork,
    feature_map: FeatureMap,
    clips: ClipSet,
    heard: Sequence[Heard],
    expectation: Expectation | None,
) -> list[Heard]:
    """The same contexts in the order of hearing, each with the centring means and the bias of its talker by then."""
    if not network.centred and expectation is None:
        return list(heard)
    values = _values(network, feature_map, clips, heard)
    heard = _centred(network, heard, values)
    return _biased(recipe, heard, _logits(network, heard, values), expectation)


def _centred(network: GraphNetwork, heard: Sequence[Heard], values: Mapping[str, Tensor]) -> list[Heard]:
    """Contexts with the means of their talker's past segments."""
    if not network.centred:
        return list(heard)
    nodes = {node.name: node for node in network.nodes}
    known: list[Heard] = []
    for _, session in groupby(enumerate(heard), key=lambda pair: pair[1].session):
        talkers = {
            name: TalkerMean(
                nodes[name].integer("segments"), nodes[name].integer("prior"), network.centre(name).mean.cpu()
            )
            for name in network.centred
        }
        for _, segment in groupby(session, key=lambda pair: pair[1].segment):
            contexts = list(segment)
            means = {name: talker.offset for name, talker in talkers.items()}
            known += [replace(context, means=means) for _, context in contexts]
            if contexts[0][1].is_telling:
                lengths = torch.tensor([float(context.end - context.start) for _, context in contexts])
                rows = [index for index, _ in contexts]
                for name, source in network.centred.items():
                    talkers[name].add(lengths / lengths.sum() @ values[source][rows])
    return known


def _biased(
    recipe: Recipe, heard: Sequence[Heard], logits: NDArray[np.float64], expectation: Expectation | None
) -> list[Heard]:
    if expectation is None:
        return list(heard)
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
def _values(
    network: GraphNetwork, feature_map: FeatureMap, clips: ClipSet, heard: Sequence[Heard]
) -> dict[str, Tensor]:
    """The network's values of each context before centring [context, channel]."""
    device = next(network.parameters()).device
    network.eval()
    version = clips.versions[0]
    order = sorted(range(len(heard)), key=lambda index: heard[index].end - heard[index].start)
    found: dict[str, list[Tensor]] = {}
    for first in range(0, len(order), CONTEXTS_TOGETHER):
        batch = [heard[index] for index in order[first : first + CONTEXTS_TOGETHER]]
        lengths = torch.tensor([context.end - context.start for context in batch])
        features = torch.zeros(len(batch), int(lengths.max()), len(feature_map.mean))
        for row, context in enumerate(batch):
            at = int(version.first_frame[context.clip])
            rows = clips.frames[at + context.start : at + context.end].float()
            columns = feature_map.columns(rows - torch.from_numpy(context.offset))
            features[row, : len(rows)] = feature_map.standardize(columns)
        for name, value in network.before_centring(features.to(device), lengths.to(device)).items():
            found.setdefault(name, []).append(value.float().cpu())
    # From length order back to the order of hearing.
    place = torch.from_numpy(np.argsort(order))
    return {name: torch.cat(parts)[place] for name, parts in found.items()}


@torch.inference_mode()
def _logits(network: GraphNetwork, heard: Sequence[Heard], values: Mapping[str, Tensor]) -> NDArray[np.float64]:
    """The network's logits of each context, given its talker's means, [context, class]."""
    device = next(network.parameters()).device
    means = {
        name: torch.stack([(context.means or {}).get(name, torch.zeros(values[source].shape[1])) for context in heard])
        for name, source in network.centred.items()
    }
    logits = network.behind_centring(
        {name: value.to(device) for name, value in values.items()},
        {name: value.to(device) for name, value in means.items()},
    )
    return logits.float().cpu().numpy().astype(np.float64)


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
    values = _values(network, feature_map, clips, heard)
    heard = _centred(network, heard, values)
    logits = _logits(network, heard, values)
    heard = _biased(recipe, heard, logits, bias)
    return Judgement(_by_clip(clips, heard, logits), known)
