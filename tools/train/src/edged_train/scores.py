"""Metrics: accuracy, UAR, per-class figures, confusion, calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax


@dataclass(frozen=True)
class Score:
    """Counts of one or several judgements of the same clips."""

    classes: tuple[str, ...]
    confusion: NDArray[np.int64]
    """[true class, predicted class]; the last column counts clips without detected speech."""

    @property
    def accuracy(self) -> float:
        """Share of correct judgements; clips without detected speech count as wrong."""
        return float(self.confusion.trace() / self.confusion.sum())

    @property
    def recalls(self) -> NDArray[np.float64]:
        """Recall of each class; NaN for a class without clips."""
        return _ratio(self.confusion.diagonal(), self.confusion.sum(1))

    @property
    def precisions(self) -> NDArray[np.float64]:
        """Precision of each class; NaN for a class that was never predicted."""
        return _ratio(self.confusion.diagonal(), self.confusion[:, : len(self.classes)].sum(0))

    @property
    def f1s(self) -> NDArray[np.float64]:
        """F1 of each class: twice its hits over its clips and its predictions; NaN for a class without clips."""
        clips, predicted = self.confusion.sum(1), self.confusion[:, : len(self.classes)].sum(0)
        return np.where(clips > 0, _ratio(2 * self.confusion.diagonal(), clips + predicted), np.nan)

    @property
    def uar(self) -> float:
        """Unweighted average recall over the classes that occur."""
        return float(np.nanmean(self.recalls))

    def summary(self) -> dict[str, Any]:
        """All figures as a JSON document, in percent."""
        recalls, precisions, f1s = self.recalls, self.precisions, self.f1s
        return {
            "accuracy": _percent(self.accuracy),
            "uar": _percent(self.uar),
            "classes": {
                name: {
                    "precision": _percent(precisions[index]),
                    "recall": _percent(recalls[index]),
                    "f1": _percent(f1s[index]),
                }
                for index, name in enumerate(self.classes)
            },
            "confusion": self.confusion.tolist(),
        }

    def table(self) -> str:
        """Recall, precision and confusion by class, as text."""
        first = max(10, *(len(name) for name in self.classes))
        heads = (*self.classes, "no speech")
        widths = [max(9, len(head) + 2) for head in heads]
        head = "".join(f"{head:>{width}}" for head, width in zip(heads, widths, strict=True))
        lines = [f"{'':{first}}{'recall':>8}{'precision':>11} |{head}"]
        rows = zip(self.classes, self.recalls, self.precisions, self.confusion, strict=True)
        for name, recall, precision, row in rows:
            counts = "".join(f"{count:{width}d}" for count, width in zip(row.tolist(), widths, strict=True))
            lines.append(f"{name:{first}}{100 * recall:8.1f}{100 * precision:11.1f} |{counts}")
        return "\n".join(lines)


def score(classes: tuple[str, ...], labels: NDArray[np.int64], judgements: Sequence[NDArray[np.float32]]) -> Score:
    """Counts judgements (logits, NaN where no speech was detected) against `labels`."""
    confusion = np.zeros((len(classes), len(classes) + 1), np.int64)
    for logits in judgements:
        silent = np.isnan(logits).any(axis=1)
        predicted = np.where(silent, len(classes), np.nan_to_num(logits).argmax(axis=1))
        np.add.at(confusion, (labels, predicted), 1)
    return Score(classes, confusion)


def temperature(labels: NDArray[np.int64], judgements: Sequence[NDArray[np.float32]]) -> float:
    """The T for which softmax(logits / T) makes the labels most likely."""
    found = minimize_scalar(
        lambda logarithm: surprise(labels, judgements, float(np.exp(logarithm))), bounds=(-2, 2), method="bounded"
    )
    return float(np.exp(found.x))


def surprise(labels: NDArray[np.int64], judgements: Sequence[NDArray[np.float32]], divisor: float = 1.0) -> float:
    """Mean cross-entropy of softmax(logits / divisor), in nats, over clips with speech."""
    logits, truth = _spoken(labels, judgements)
    likelihoods = log_softmax(logits / divisor, axis=1)
    return -float(likelihoods[np.arange(len(truth)), truth].mean())


@dataclass(frozen=True)
class Bin:
    """Judgements of similar confidence; shares of 1."""

    confidence: float
    """Mean confidence."""
    accuracy: float
    count: int


def reliability(
    labels: NDArray[np.int64], judgements: Sequence[NDArray[np.float32]], divisor: float, bins: int = 10
) -> list[Bin]:
    """Judgements binned by the confidence of softmax(logits / divisor), in bins of equal width; empty ones are left out."""
    confidence, right = _sureness(labels, judgements, divisor)
    index = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        Bin(float(confidence[index == at].mean()), float(right[index == at].mean()), int((index == at).sum()))
        for at in np.unique(index)
    ]


def calibration_error(
    labels: NDArray[np.int64], judgements: Sequence[NDArray[np.float32]], divisor: float, bins: int = 10
) -> float:
    """Expected calibration error of softmax(logits / divisor), in bins of equal width."""
    found = reliability(labels, judgements, divisor, bins)
    total = sum(each.count for each in found)
    return sum(each.count / total * abs(each.confidence - each.accuracy) for each in found)


@dataclass(frozen=True)
class Coverage:
    """Coverage and accuracy if judgements below a threshold of confidence are `unknown`; shares of 1."""

    threshold: float
    """The device's `minimum_confidence`."""
    said: float
    """Share of all clips, including those without speech, whose class is stated."""
    accuracy: float
    """Accuracy on those; 1 if there are none."""


def coverage(
    labels: NDArray[np.int64], judgements: Sequence[NDArray[np.float32]], divisor: float, steps: int = 100
) -> list[Coverage]:
    """Coverage and accuracy at `steps` equally spaced thresholds of confidence from 0 on."""
    sureness = _sureness(labels, judgements, divisor)
    heard = len(labels) * len(judgements)
    return [_covered(sureness, heard, float(threshold)) for threshold in np.arange(steps) / steps]


def covered(
    labels: NDArray[np.int64], judgements: Sequence[NDArray[np.float32]], divisor: float, threshold: float
) -> Coverage:
    """Coverage and accuracy at one threshold."""
    return _covered(_sureness(labels, judgements, divisor), len(labels) * len(judgements), threshold)


def _covered(sureness: tuple[NDArray[np.float64], NDArray[np.bool_]], heard: int, threshold: float) -> Coverage:
    confidence, right = sureness
    said = confidence >= threshold
    return Coverage(threshold, float(said.sum() / heard), float(right[said].mean()) if said.any() else 1)


def _sureness(
    labels: NDArray[np.int64], judgements: Sequence[NDArray[np.float32]], divisor: float
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Confidence of each judged clip, and whether it is correct."""
    logits, truth = _spoken(labels, judgements)
    probabilities = softmax(logits.astype(np.float64) / divisor, axis=1)
    return probabilities.max(axis=1), probabilities.argmax(axis=1) == truth


def _spoken(
    labels: NDArray[np.int64], judgements: Sequence[NDArray[np.float32]]
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    logits = np.concatenate(list(judgements))
    truth = np.concatenate([labels] * len(judgements))
    spoken = ~np.isnan(logits).any(axis=1)
    return logits[spoken], truth[spoken]


def _ratio(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)


def _percent(share: float) -> float | None:
    return None if np.isnan(share) else round(100 * float(share), 2)
