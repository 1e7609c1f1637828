"""Training batches: jittered segments of random versions, less the talker's baseline.

An epoch is first drawn as a plan with one `Draw` per clip. The lengths are then known, so a batch can be made of draws
of about equal length. All randomness comes from one generator, which the trainer seeds by run and epoch, so an
interrupted run resumes exactly where it would have continued.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from edged_train import baseline, together
from edged_train.clips import ClipSet, Version
from edged_train.draw import Draw
from edged_train.frontend import Contexts, FeatureMap
from edged_train.recipe import Recipe

Vector = NDArray[np.float32]

NATURAL_PER_DB = float(np.log(10) / 10)
"""One decibel as a natural logarithm of power."""

SHORTEST_CONTEXT = 40
"""Shortest example in frames: of the remainder of a long segment, and of the beginning of any."""

SORTED_TOGETHER = 10
"""How many batches' draws are sorted by length together."""


@dataclass(frozen=True)
class Past:
    """The segments of one talker that are long enough for the baseline."""

    means: Vector
    """Mean of each over its speech frames, less the corpus mean [segments, values]."""
    clips: NDArray[np.int64]
    """The clip of each segment."""


@dataclass(frozen=True)
class Batch:
    """Contexts, padded to the longest, with soft targets."""

    features: Tensor
    """Standardized columns [batch, time, column]; zero beyond `lengths`."""
    lengths: Tensor
    """Valid rows of each example [batch]."""
    targets: Tensor
    """Probabilities [batch, class]."""
    teacher_features: Tensor
    """The teachers' input, laid out as `features`: the full example where the network gets its beginning, and from the clean clips with `clean_teachers`."""
    teacher_lengths: Tensor
    weights: Tensor
    """Weight of each example in the loss [batch]."""
    past: Tensor | None = None
    """Row i: weights of the other examples as the past of example i's talker [batch, batch]; None if the network does not centre."""


class Batches:
    """Draws epochs of training batches from the training clips."""

    def __init__(self, recipe: Recipe, clips: ClipSet, feature_map: FeatureMap) -> None:
        """Collects each speaker's past segments for the baseline."""
        self.recipe, self.clips, self.feature_map = recipe, clips, feature_map
        clean = clips.versions[0]
        by_talker = recipe.augmentation.by_talker
        members = clips.speakers()
        heard = clips.versions if by_talker else [clean]
        self._pasts = [_pasts(recipe, version, members, clips.centre) for version in heard]
        self._shift = [] if by_talker else [_shifts(version, clean, clips.centre) for version in clips.versions]

    def epoch(self, random: np.random.Generator) -> list[list[Draw]]:
        """One draw per clip, in randomly ordered batches: of about equal length, or of whole talker groups."""
        if self.recipe.segmentation.together:
            return together.epoch(self.recipe, self.clips, self._version, self._draw_of, random)
        draws = [self._draw(int(clip), random) for clip in random.permutation(len(self.clips.clips))]
        size = self.recipe.training.batch
        batches: list[list[Draw]] = []
        for first in range(0, len(draws), size * SORTED_TOGETHER):
            alike = sorted(draws[first : first + size * SORTED_TOGETHER], key=lambda draw: draw.rows)
            batches += [alike[index : index + size] for index in range(0, len(alike), size)]
        # BatchNorm learns nothing from a handful of examples.
        batches = [batch for batch in batches if len(batch) > max(1, size // 4)] or batches
        return [batches[index] for index in random.permutation(len(batches))]

    def render(self, epoch: list[list[Draw]], random: np.random.Generator) -> Iterator[Batch]:
        """The batches of a planned epoch, augmented."""
        for draws in epoch:
            yield self._render(draws, random)

    def contexts(self, random: np.random.Generator, batches: int) -> Contexts:
        """Drawn contexts for fitting the feature map: baseline subtracted, nothing masked."""
        return [self._frames(draws, random) for draws in self.epoch(random)[:batches]]

    def _draw(self, clip: int, random: np.random.Generator) -> Draw:
        return self._draw_of(clip, self._version(clip, random), random)

    def _draw_of(self, clip: int, index: int, random: np.random.Generator) -> Draw:
        augmentation, segmentation = self.recipe.augmentation, self.recipe.segmentation
        if index == 0 and clip in self.clips.copies_only:
            index = int(random.integers(1, len(self.clips.versions)))
        version = self.clips.versions[index]
        start, end = self._bounds(version, clip, random)
        rate = float(np.exp(random.uniform(-augmentation.tempo, augmentation.tempo)))
        longest = int(self.recipe.context_frames * rate)
        if end - start > longest:
            contexts = [c for c in range(start, end, longest) if end - c >= SHORTEST_CONTEXT]
            start = int(random.choice(contexts))
            end = min(end, start + longest)
        warm = random.random() >= segmentation.cold_share and segmentation.past_segments > 0
        known = int(random.integers(1, segmentation.past_segments + 1)) if warm else 0
        return Draw(clip, index, start, end - start, rate, min(known, len(self._others(clip, index))))

    def _others(self, clip: int, version: int) -> NDArray[np.int64]:
        """Indices in `_past` of segments from the talker's other clips."""
        return np.flatnonzero(self._past(clip, version).clips != clip)

    def _past(self, clip: int, version: int) -> Past:
        """The past segments of a clip's talker: in the same version with `by_talker`, otherwise clean."""
        return self._pasts[version if self.recipe.augmentation.by_talker else 0][self.clips.clips[clip].speaker]

    def _version(self, clip: int, random: np.random.Generator) -> int:
        augmentation = self.recipe.augmentation
        if augmentation.versions == 1 or random.random() < augmentation.clean_share:
            return 0
        first = augmentation.versions - augmentation.degraded
        if first == 1 or (augmentation.degraded and random.random() < augmentation.degraded_share):
            return self._degraded(clip, first, random)
        return int(random.integers(1, first))

    def _degraded(self, clip: int, first: int, random: np.random.Generator) -> int:
        """A degraded version. With `telephones_drawn`, first draws whether it is one over a telephone; any if the clip has none of that kind."""
        if self.clips.telephones is not None:
            narrow = random.random() < self.recipe.augmentation.telephones_drawn
            alike = first + np.flatnonzero(self.clips.telephones[first:, clip] == narrow)
            if len(alike):
                return int(random.choice(alike))
        return int(random.integers(first, self.recipe.augmentation.versions))

    def _bounds(self, version: Version, clip: int, random: np.random.Generator) -> tuple[int, int]:
        """The first frame taken from a clip, and the one after the last.

        At least one frame: `clips` loads no empty clip, `features` no speech beyond its end, and jitter is never negative.
        """
        length, segments = int(version.lengths[clip]), version.segments[clip]
        if not segments or random.random() < self.recipe.segmentation.whole_share:
            return min(int(random.integers(0, 4)), length - 1), length
        weights = np.array([segment.speech_frames for segment in segments], dtype=float)
        segment = segments[int(random.choice(len(segments), p=weights / weights.sum()))]
        low, high = self.recipe.segmentation.jitter
        recognition = self.recipe.recognition
        before = self.recipe.frames(recognition.preroll_ms) * random.uniform(low, high)
        after = self.recipe.frames(recognition.hangover_ms) * random.uniform(low, high)
        start = max(0, round(segment.speech_start - before))
        return start, min(length, max(start + 1, round(segment.speech_end + after)))

    def _render(self, draws: list[Draw], random: np.random.Generator) -> Batch:
        augmentation, segmentation = self.recipe.augmentation, self.recipe.segmentation
        classes = len(self.recipe.classes)
        frames, valid = self._frames(draws, random)
        features = self.feature_map.standardize(self.feature_map.columns(frames)) * valid[:, :, None]
        features = self._mask(features, [draw.rows for draw in draws], random)
        lengths = valid.sum(1)
        labels = torch.from_numpy(self.clips.labels[[draw.clip for draw in draws]])
        targets = torch.nn.functional.one_hot(labels, classes).float()
        smoothing = self.recipe.training.label_smoothing
        targets = targets * (1 - smoothing) + smoothing / classes
        clean = self._clean(draws, random) if self.recipe.training.clean_teachers else None
        if augmentation.mixup > 0 and random.random() < augmentation.mixup_share:
            weight, order = self._mixture(len(draws), random)
            features = weight * features + (1 - weight) * features[order]
            targets = weight * targets + (1 - weight) * targets[order]
            clean = None if clean is None else weight * clean + (1 - weight) * clean[order]
            lengths = torch.maximum(lengths, lengths[order])
        teacher_features = features if clean is None else clean
        heard = lengths
        if segmentation.beginning_share:
            # BatchNorm counts the cut rows as zeros, like padding: excluding them made no better network.
            heard = _beginnings(lengths, segmentation.beginning_share, random)
            features = features * (torch.arange(features.shape[1]) < heard[:, None])[:, :, None]
        weights = torch.tensor([draw.weight for draw in draws])
        past = None
        if segmentation.together:
            is_whole = (heard == lengths).numpy()
            past = together.past(draws, is_whole, segmentation.together, self.recipe.network.centre_prior, random)
        return Batch(features, heard, targets, teacher_features, lengths, weights, past)

    def _mixture(self, size: int, random: np.random.Generator) -> tuple[float, Tensor]:
        """Mixup's weight of each example, and the index of the example that it is mixed with.

        With `together`, both are of one talker, and the original example has the larger weight.
        """
        weight = float(random.beta(self.recipe.augmentation.mixup, self.recipe.augmentation.mixup))
        if not self.recipe.segmentation.together:
            return weight, torch.from_numpy(random.permutation(size))
        order = together.order(size, self.recipe.segmentation.together, random)
        return max(weight, 1 - weight), torch.from_numpy(order)

    def _clean(self, draws: list[Draw], random: np.random.Generator) -> Tensor:
        """The same draws from the clean clips, less the talker's clean past; nothing masked.

        The past and the gains are drawn afresh, and a version's `shift_ms` is not undone.
        """
        frames, valid = self._frames([self._unaltered(draw) for draw in draws], random)
        return self.feature_map.standardize(self.feature_map.columns(frames)) * valid[:, :, None]

    def _unaltered(self, draw: Draw) -> Draw:
        """The same stretch of the clean clip, in as many rows."""
        length = int(self.clips.versions[0].lengths[draw.clip])
        ratio = length / int(self.clips.versions[draw.version].lengths[draw.clip])
        start = min(round(draw.start * ratio), length - 1)
        frames = max(1, min(round(draw.frames * ratio), length - start))
        known = min(draw.known, len(self._others(draw.clip, 0)))
        return Draw(draw.clip, 0, start, frames, frames / (draw.rows + 0.5), known)

    def _frames(self, draws: list[Draw], random: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Frames less g and the baseline [batch, time, value], and which are valid [batch, time]."""
        rows = np.array([draw.rows for draw in draws])
        # Rounded up to a multiple of the usual total stride, which keeps the number of distinct shapes small.
        steps = np.arange(-(-int(rows.max()) // 4) * 4)
        valid = steps[None, :] < rows[:, None]
        rates = np.array([draw.rate for draw in draws])
        starts = np.array([draw.start for draw in draws])
        firsts = np.array([self.clips.versions[draw.version].first_frame[draw.clip] for draw in draws])
        last = np.array([draw.start + draw.frames - 1 for draw in draws])
        positions = np.minimum(np.rint(starts[:, None] + steps * rates[:, None]), last[:, None])
        positions = positions.astype(np.int64) + firsts[:, None]
        frames = self.clips.frames.index_select(0, torch.from_numpy(positions.ravel()))
        values = frames.view(*positions.shape, -1).float()
        moves = [self._move(draw, random) for draw in draws]
        factors, offsets = (torch.from_numpy(np.stack(part))[:, None] for part in zip(*moves, strict=True))
        return values * factors - offsets, torch.from_numpy(valid)

    def _move(self, draw: Draw, random: np.random.Generator) -> tuple[Vector, Vector]:
        """The factor on frames less g, and the offset then subtracted: the baseline and the drawn gains."""
        augmentation = self.recipe.augmentation
        prior = self.recipe.recognition.baseline.prior
        others = self._others(draw.clip, draw.version)
        chosen = others[random.choice(len(others), draw.known, replace=False)] if draw.known else others[:0]
        past = self._past(draw.clip, draw.version).means[chosen]
        known = baseline.known_share(draw.known, prior)
        offset = baseline.offset(past, np.zeros_like(self.clips.centre), prior)
        if self._shift:
            offset = offset + self._shift[draw.version][draw.clip] * known
        example = random.normal(0, augmentation.gain_db)
        session = random.normal(0, augmentation.session_gain_db)
        gain = example + session * (1 - known)
        # A gain shifts the bands and the level, and scales the root mean square; the other features are invariant.
        moved = np.arange(len(offset)) <= self.recipe.front_end.bands
        factor = np.ones(len(offset), np.float32)
        rms = self.recipe.front_end.position("rms")
        if rms is not None:
            mean = float(self.clips.centre[rms])
            past_factor = math.exp(session * NATURAL_PER_DB / 2)
            factor[rms] = past_factor * math.exp(example * NATURAL_PER_DB / 2)
            # The session gain scaled the past but not g: this gives f·raw − b' − g from raw − g.
            offset[rms] = past_factor * (offset[rms] + known * mean) - known * mean + mean - factor[rms] * mean
        return factor, np.asarray(offset - gain * NATURAL_PER_DB * moved, dtype=np.float32)

    def _mask(self, features: Tensor, rows: list[int], random: np.random.Generator) -> Tensor:
        """SpecAugment: sets stretches of frames and of columns to their mean, zero."""
        augmentation = self.recipe.augmentation
        coefficients = self.recipe.front_end.coefficients
        count, _, width = features.shape
        frames = torch.ones(features.shape[:2])
        columns = torch.ones(count, width)
        for index in range(count):
            for _ in range(augmentation.time_masks):
                masked = int(random.integers(0, augmentation.time_mask_frames + 1))
                start = int(random.integers(0, max(1, rows[index] - masked)))
                frames[index, start : start + masked] = 0
            for _ in range(augmentation.frequency_masks):
                masked = int(random.integers(0, augmentation.frequency_mask_coefficients + 1))
                start = int(random.integers(0, coefficients - masked + 1))
                columns[index, start : start + masked] = 0
            if width > coefficients and random.random() < augmentation.extra_mask_share:
                masked = int(random.integers(0, min(augmentation.extra_mask_columns, width - coefficients) + 1))
                start = int(random.integers(coefficients, width - masked + 1))
                columns[index, start : start + masked] = 0
        return features * frames[:, :, None] * columns[:, None, :]


def _beginnings(lengths: Tensor, share: float, random: np.random.Generator) -> Tensor:
    """Rows the network gets of each example [batch]: for a `share` of them a random number from `SHORTEST_CONTEXT` on, else all."""
    rows = lengths.numpy()
    asked = random.integers(np.minimum(SHORTEST_CONTEXT, rows), rows + 1)
    return torch.from_numpy(np.where(random.random(len(rows)) < share, asked, rows))


def _pasts(recipe: Recipe, version: Version, speakers: dict[str, NDArray[np.int64]], centre: Vector) -> dict[str, Past]:
    """Each speaker's segments of a version that are long enough for the baseline."""
    least = recipe.frames(recipe.recognition.baseline.speech_ms)
    pasts = {}
    for speaker, members in speakers.items():
        means, owners = [np.empty((0, len(centre)), np.float32)], []
        for clip in members.tolist():
            kept = [segment.speech_frames >= least for segment in version.segments[clip]]
            means.append(version.segment_means[clip][kept] if kept else version.segment_means[clip][:0])
            owners += [clip] * sum(kept)
        pasts[speaker] = Past(np.concatenate(means) - centre, np.array(owners, np.int64))
    return pasts


def _shifts(version: Version, clean: Version, absent: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far augmentation moved each clip's mean; its talker's past would have moved likewise."""
    count = len(version.segments)
    shift = np.zeros((count, len(absent)), np.float32)
    for clip in range(count):
        if version.segments[clip] and clean.segments[clip]:
            shift[clip] = version.clip_mean(clip, absent) - clean.clip_mean(clip, absent)
    return shift
