"""The talker's bias: the network's systematic error on this talker, subtracted from the logits.

A floating-point version of the device's (`Sources/Recognition/TalkerBias.swift`): a segment's logits are the sum of its class mean,
the talker's bias and a residual. The bias is a random effect with soft class assignments.
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
"""In segments: the device's limit."""


@dataclass(frozen=True)
class Expectation:
    """The network's mean logits by class, and how far talkers and segments deviate from them."""

    means: NDArray[np.float64]
    """m: mean logits by true class, less the mean over all logits [true class, class]."""
    variance: float
    """Of a talker's segments of one class, per direction that separates classes."""
    prior: int
    """`variance` over that between talkers: the weight of a zero bias, in segments."""

    def of(self, logits: Vector) -> Vector:
        """Class means weighted by how likely `logits` make each class."""
        nearness = self.means @ logits - (self.means**2).sum(1) / 2
        return np.asarray(softmax(nearness / self.variance) @ self.means)

    def times(self, factor: float) -> Expectation:
        """The same for logits scaled by `factor`."""
        return Expectation(self.means * factor, self.variance * factor**2, self.prior)


class TalkerBias:
    """The bias of one talker, initially unknown."""

    def __init__(self, segments: int, expectation: Expectation) -> None:
        """Starts at zero. The mean covers about the last `segments` segments: older ones fade."""
        self.segments, self.expectation = segments, expectation
        self.offset: Vector = np.zeros(len(expectation.means))
        self._sum, self._count = self.offset, 0

    def add(self, logits: Vector) -> None:
        """Adds the network's logits for a finished segment, the offset not subtracted."""
        self._count += 1
        self._sum = self._sum + logits - self.expectation.of(logits - self.offset)
        if self._count > self.segments:
            self._sum = self._sum * self.segments / self._count
            self._count = self.segments
        self.offset = self._sum / (self._count + self.expectation.prior)


@dataclass(frozen=True)
class Spoken:
    """A network's logits on held-out talkers, in sessions."""

    logits: NDArray[np.float64]
    """[judgement, class]"""
    labels: NDArray[np.int64]
    talkers: NDArray[np.int64]
    clips: NDArray[np.int64]
    """The clip of each judgement: the same clip judged after another past is no new evidence about its talker."""


def measure(groups: Sequence[Spoken]) -> Expectation:
    """Class means and the variances within and between talkers, all groups weighted equally.

    The variance between talkers is that of their mean residuals, less the share due to chance (one-way analysis of variance).
    Raises `Problem` if no talker has two clips.
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
    """Masks of the judgements of each talker who has several clips."""
    of_talkers = [group.talkers == talker for talker in np.unique(group.talkers)]
    return [at for at in of_talkers if len(np.unique(group.clips[at])) > 1]


def _variances(residuals: NDArray[np.float64], clips: NDArray[np.int64]) -> tuple[float, float]:
    """Variances of a talker's segments and of the talker, per direction; centred logits have one direction fewer than classes."""
    directions = residuals.shape[1] - 1
    mean = residuals.mean(0)
    within = ((residuals - mean) ** 2).sum() / (len(residuals) - 1) / directions
    return within, (mean**2).sum() / directions - within / len(np.unique(clips))
