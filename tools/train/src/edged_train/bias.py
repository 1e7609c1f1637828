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

Vector = NDArray[np.float64]

LONGEST_PRIOR = 64
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
        """Zero; remembers the last `segments` segments, older ones fading."""
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


def measure(groups: Sequence[Spoken]) -> Expectation:
    """Class means and the variances within and between talkers, every group weighing the same.

    Between talkers the variance is that of their mean residuals less what chance has in these (one-way analysis of variance).
    """
    classes = groups[0].logits.shape[1]
    centred = [group.logits - group.logits.mean(1, keepdims=True) for group in groups]
    means = np.mean(
        [
            [values[group.labels == c].mean(0) for c in range(classes)]
            for values, group in zip(centred, groups, strict=True)
        ],
        axis=0,
    )
    within, between = [], []
    for values, group in zip(centred, groups, strict=True):
        residuals = values - means[group.labels]
        for talker in np.unique(group.talkers):
            own = residuals[group.talkers == talker]
            rest = own - own.mean(0)
            # Logits less their mean have a direction fewer than classes.
            within.append((rest**2).sum() / max(len(own) - 1, 1) / (classes - 1))
            between.append((own.mean(0) ** 2).sum() / (classes - 1) - within[-1] / len(own))
    variance = float(np.mean(within))
    prior = variance / max(float(np.mean(between)), variance / LONGEST_PRIOR)
    return Expectation(means, variance, max(1, round(prior)))
