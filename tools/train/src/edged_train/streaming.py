"""Accuracy while a caller is still talking, and by how well the talker is known.

Gives accuracy and calibration of the live path as a function of the seconds heard, counted from where the detector opens. Also
accuracy by the number of past segments in the talker's baseline, without the talker's bias and centring. A clip that has ended keeps
its final judgement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edged_train import scores, sessions
from edged_train.clips import ClipSet
from edged_train.run import Trained
from edged_train.sessions import Heard

SECONDS = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
"""Seconds heard when the clips are judged."""

SAID_FROM = 0.4
"""The device's default `minimum_confidence`."""

PAST_SEGMENTS = (0, 1, 2, 5, 10, 20)
"""Numbers of past segments in the baseline, as far as it remembers that many."""


@dataclass(frozen=True)
class Second:
    """Accuracy and related figures after so many seconds of a clip; shares of 1."""

    heard_s: float
    cold: float
    session: float
    talking: float
    """Share of clips that are not over yet."""
    error: float
    """Expected calibration error in sessions."""
    said: float
    """Share of clips in sessions that are not `unknown`."""
    right: float
    """Accuracy on those; NaN if there are none."""


@dataclass(frozen=True)
class Acquaintance:
    """Accuracy after so many past segments of the talker."""

    segments: int
    accuracy: float


@dataclass(frozen=True)
class Streaming:
    """All curves; shares of 1."""

    seconds: list[Second]
    acquaintances: list[Acquaintance]

    def summary(self) -> dict[str, Any]:
        """As a JSON document, in percent."""
        return {
            "seconds_heard": [
                {
                    "seconds": point.heard_s,
                    "cold": round(100 * point.cold, 2),
                    "session": round(100 * point.session, 2),
                    "still_talking": round(100 * point.talking, 2),
                    "calibration_error": round(point.error, 4),
                    "said": round(100 * point.said, 2),
                    "right_of_said": round(100 * point.right, 2) if point.said else None,
                }
                for point in self.seconds
            ],
            "past_segments": [
                {"segments": point.segments, "accuracy": round(100 * point.accuracy, 2)} for point in self.acquaintances
            ],
        }

    def table(self) -> str:
        """As text."""
        lines = [f"{'seconds heard':24}" + "".join(f"{point.heard_s:8g}" for point in self.seconds)]
        for name, key in (("cold", "cold"), ("session", "session"), ("clips not over yet", "talking")):
            lines.append(f"{name:24}" + "".join(f"{100 * getattr(point, key):8.2f}" for point in self.seconds))
        lines.append(f"{'session, cal. error':24}" + "".join(f"{point.error:8.3f}" for point in self.seconds))
        for name, key in ((f"session, said (≥ {SAID_FROM})", "said"), ("session, right of said", "right")):
            shares = [getattr(point, key) for point in self.seconds]
            lines.append(
                f"{name:24}" + "".join("       –" if np.isnan(share) else f"{100 * share:8.2f}" for share in shares)
            )
        lines += ["", f"{'past segments':24}" + "".join(f"{point.segments:8}" for point in self.acquaintances)]
        accuracies = "".join(f"{100 * point.accuracy:8.2f}" for point in self.acquaintances)
        return "\n".join([*lines, f"{'live path, baseline only':24}{accuracies}"])


def stream(trained: Trained, dev: ClipSet, orders: int, divisor: float) -> Streaming:
    """Judges the dev clips at every time in `SECONDS` and for every number in `PAST_SEGMENTS`.

    Sessions and past segments are drawn `orders` times; confidence is that of softmax(logits / divisor).
    """
    recipe = trained.recipe
    cold = _knowing(trained, dev, sessions.cold(recipe, dev, whole=False)[0])
    drawn = (sessions.warm(recipe, dev, False, np.random.default_rng(order))[0] for order in range(orders))
    warm = [_knowing(trained, dev, heard) for heard in drawn]
    lengths = np.zeros(len(dev.clips))
    for context in cold:
        lengths[context.clip] += context.end - context.start
    seconds = []
    for heard_s in SECONDS:
        frames = recipe.frames(1000 * heard_s)
        alone, known = (
            _judged(trained, dev, [sessions.beginnings(heard, frames) for heard in ways]) for ways in ([cold], warm)
        )
        sure = scores.covered(dev.labels, known, divisor, SAID_FROM)
        seconds.append(
            Second(
                heard_s=heard_s,
                cold=scores.score(recipe.classes, dev.labels, alone).accuracy,
                session=scores.score(recipe.classes, dev.labels, known).accuracy,
                talking=float((lengths > frames).mean()),
                error=scores.calibration_error(dev.labels, known, divisor),
                said=sure.said,
                right=sure.accuracy if sure.said else float("nan"),
            )
        )
    # The baseline remembers no more than this.
    counts = [count for count in PAST_SEGMENTS if count <= recipe.recognition.baseline.segments]
    acquaintances = [
        Acquaintance(count, _accuracy(trained, dev, _ways(trained, dev, count, orders))) for count in counts
    ]
    return Streaming(seconds, acquaintances)


def _knowing(trained: Trained, dev: ClipSet, heard: Sequence[Heard]) -> list[Heard]:
    return sessions.knowing(trained.recipe, trained.network, trained.feature_map, dev, heard, trained.bias)


def _ways(trained: Trained, dev: ClipSet, count: int, orders: int) -> list[list[Heard]]:
    # Without past segments there is nothing to draw.
    draws = range(orders if count else 1)
    return [sessions.acquainted(trained.recipe, dev, count, np.random.default_rng((order, count))) for order in draws]


def _accuracy(trained: Trained, dev: ClipSet, ways: Sequence[Sequence[Heard]]) -> float:
    return scores.score(trained.recipe.classes, dev.labels, _judged(trained, dev, ways)).accuracy


def _judged(trained: Trained, dev: ClipSet, ways: Sequence[Sequence[Heard]]) -> list[NDArray[np.float32]]:
    return [sessions.judge(trained.network, trained.feature_map, dev, heard) for heard in ways]
