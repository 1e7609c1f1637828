"""The talker's bias: what the network tends to take this talker's speech for, to be subtracted from what it takes it for now.

As the device has it (`Sources/Recognition/TalkerBias.swift`), in floating point: logits of a segment are the mean of its class, the
talker's bias and a rest, and the bias is a random effect, whose classes are soft.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from edged_train.problem import Problem

Vector = NDArray[np.float64]

LARGEST_PRIOR = 64
"""In segments: what the device takes."""


@dataclass(frozen=True)
class Expectation:
    """What the network says of anybody, and how far talkers and segments differ from it. In logits."""

    means: NDArray[np.float64]
    """m, by the class that was heard, less the mean of all logits [class heard, class]."""
    variance: float
    """Of a talker's segments of a class, in each direction that tells classes apart."""
    prior: int
    """That, over the same variance of talkers: the weight of no bias at all, in segments."""

    def of(self, logits: Vector) -> Vector:
        """What it says of anybody's segment that is as likely of each class as `logits` say."""
        nearness = self.means @ logits - (self.means**2).sum(1) / 2
        return np.asarray(softmax(nearness / self.variance) @ self.means)

    def times(self, factor: float) -> Expectation:
        """The same of logits that are larger by `factor`."""
        return Expectation(self.means * factor, self.variance * factor**2, self.prior)


class TalkerBias:
    """One talker's, who is unknown at first."""

    def __init__(self, segments: int, expectation: Expectation) -> None:
        """Zero; the mean is as if of the last `segments` segments: older ones fade."""
        self.segments, self.expectation = segments, expectation
        self.offset: Vector = np.zeros(len(expectation.means))
        self._sum, self._count = self.offset, 0

    def add(self, logits: Vector) -> None:
        """A segment is over, and in all of it the network's logits, the offset not subtracted, were these."""
        self._count += 1
        self._sum = self._sum + logits - self.expectation.of(logits - self.offset)
        if self._count > self.segments:
            self._sum = self._sum * self.segments / self._count
            self._count = self.segments
        self.offset = self._sum / (self._count + self.expectation.prior)


@dataclass(frozen=True)
class Spoken:
    """What a network said of talkers whom it had not heard: judgements of sessions."""

    logits: NDArray[np.float64]
    """[judgement, class]"""
    labels: NDArray[np.int64]
    talkers: NDArray[np.int64]
    clips: NDArray[np.int64]
    """Which clip it was: judged again after another past, it is no further evidence of its talker."""


def measure(groups: Sequence[Spoken]) -> Expectation:
    """Class means and the variances within and between talkers, every group weighing the same.

    Between talkers the variance is that of their mean residuals less what chance has in these (one-way analysis of variance).
    Raises `Problem` where no talker has said two clips.
    """
    classes = groups[0].logits.shape[1]
    centred = [group.logits - group.logits.mean(1, keepdims=True) for group in groups]
    each = [
        [values[group.labels == c].mean(0) for c in range(classes)]
        for values, group in zip(centred, groups, strict=True)
    ]
    means = np.mean(each, axis=0)
    variances = []
    for values, group in zip(centred, groups, strict=True):
        residuals = values - means[group.labels]
        own = [_variances(residuals[at], group.clips[at]) for at in _several(group)]
        if own:
            variances.append(np.mean(own, axis=0))
    if not variances:
        raise Problem("a talker's bias cannot be measured: no held-out talker has said two clips; name the speakers")
    within, between = (float(value) for value in np.mean(variances, axis=0))
    return Expectation(means, within, max(1, round(within / max(between, within / LARGEST_PRIOR))))


def _several(group: Spoken) -> list[NDArray[np.bool_]]:
    """The judgements of each talker who has said several clips."""
    of_talkers = [group.talkers == talker for talker in np.unique(group.talkers)]
    return [at for at in of_talkers if len(np.unique(group.clips[at])) > 1]


def _variances(residuals: NDArray[np.float64], clips: NDArray[np.int64]) -> tuple[float, float]:
    """Of a talker's segments, and of the talker: each in one direction, of which logits less their mean have a class fewer."""
    directions = residuals.shape[1] - 1
    mean = residuals.mean(0)
    within = ((residuals - mean) ** 2).sum() / (len(residuals) - 1) / directions
    return within, (mean**2).sum() / directions - within / len(np.unique(clips))
