"""Evaluates a trained model under all conditions: cold and in sessions, live path and whole clips, every prepared gain."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edged_train import clips, scores, sessions
from edged_train.clips import ClipSet
from edged_train.recipe import Recipe
from edged_train.run import Trained
from edged_train.scores import Score

DECIMALS = 6
"""Of a temperature."""

LARGEST_GAIN = 4.0
"""By how much the temperatures of known and unknown talkers may differ: the device's limit."""


@dataclass(frozen=True)
class Temperatures:
    """What logits are divided by before the softmax, so that confidence is accuracy."""

    unknown: float
    """For a talker who is heard for the first time."""
    known: float
    """As soon as the baseline holds a segment of the talker."""

    def of(self, condition: Condition) -> float:
        """That of most clips: in sessions the first ones count as known, too."""
        return self.known if condition.in_sessions else self.unknown


@dataclass(frozen=True)
class Condition:
    """One way of hearing the dev clips."""

    gain_db: float
    whole: bool
    in_sessions: bool

    @property
    def name(self) -> str:
        """Printed in reports; the key in the model card."""
        heard = "session" if self.in_sessions else "cold"
        gain = f", {self.gain_db:+g} dB" if self.gain_db else ""
        return f"{heard}, {'whole clips' if self.whole else 'live path'}{gain}"


@dataclass(frozen=True)
class Outcome:
    """Judgements under a condition, one array for each order, and their score."""

    condition: Condition
    labels: NDArray[np.int64]
    logits: list[NDArray[np.float32]]
    score: Score


def evaluate(trained: Trained, prepared: Path, orders: int) -> list[Outcome]:
    """Judges the dev clips under every condition. Raises `Problem` if `prepared` does not match the recipe."""
    outcomes = []
    for gain in (0.0, *trained.recipe.evaluation.gains_db):
        dev = clips.load_dev(trained.recipe, prepared, gain, trained.centre.numpy())
        for whole in (False, True):
            for in_sessions in (False, True):
                outcomes.append(judge(trained, dev, Condition(gain, whole, in_sessions), orders))
    return outcomes


def judge(trained: Trained, dev: ClipSet, condition: Condition, orders: int) -> Outcome:
    """Judges clips prepared at the condition's gain: in sessions in `orders` random orders, or cold once."""
    recipe = trained.recipe
    logits = [
        sessions.hear(
            recipe, trained.network, trained.feature_map, dev, whole=condition.whole, order=order, bias=trained.bias
        ).logits
        for order in (range(orders) if condition.in_sessions else [None])
    ]
    return Outcome(condition, dev.labels, logits, scores.score(recipe.classes, dev.labels, logits))


def temperatures(recipe: Recipe, outcomes: list[Outcome]) -> Temperatures:
    """Those that make the labels of the live path at the original gain most likely, cold and in sessions.

    With one for both, networks that centre or correct for the talker's bias are five points too unsure of known talkers. The device
    knows a talker by the baseline, so without one there is only one temperature.
    """
    fitted = {
        outcome.condition.in_sessions: scores.temperature(outcome.labels, outcome.logits) for outcome in _live(outcomes)
    }
    # Rounded before it is limited, so that the limits hold exactly for what is written.
    unknown = round(fitted[False], DECIMALS)
    if not recipe.recognition.baseline.segments:
        return Temperatures(unknown, unknown)
    known = round(fitted[True], DECIMALS)
    return Temperatures(unknown, min(max(known, unknown / LARGEST_GAIN), unknown * LARGEST_GAIN))


def summary(outcomes: list[Outcome], fitted: Temperatures) -> dict[str, Any]:
    """All figures as a JSON document, by the condition's name."""
    document = {outcome.condition.name: outcome.score.summary() for outcome in outcomes}
    for outcome in _live(outcomes):
        divisor = fitted.of(outcome.condition)
        error = scores.calibration_error(outcome.labels, outcome.logits, divisor)
        document[outcome.condition.name]["calibration_error"] = round(error, 4)
    return document


def report(outcomes: list[Outcome], fitted: Temperatures) -> str:
    """All figures as text."""
    lines = [f"{'':32}{'accuracy':>9}{'UAR':>7}"]
    for outcome in outcomes:
        score = outcome.score
        lines.append(f"{outcome.condition.name:32}{100 * score.accuracy:9.2f}{100 * score.uar:7.2f}")
    for outcome in _live(outcomes):
        divisor = fitted.of(outcome.condition)
        error = scores.calibration_error(outcome.labels, outcome.logits, divisor)
        lines += [
            "",
            f"{outcome.condition.name} (calibration error {error:.3f} at temperature {divisor:.3f})",
        ]
        lines.append(outcome.score.table())
    return "\n".join(lines)


def _live(outcomes: list[Outcome]) -> list[Outcome]:
    """The live path at the original gain, cold and in sessions."""
    return [o for o in outcomes if o.condition.gain_db == 0 and not o.condition.whole]
