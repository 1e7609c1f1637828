"""The data that a run's page is made from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edged_train.clips import ClipSet
from edged_train.evaluation import Outcome, Temperatures
from edged_train.run import Trained
from edged_train.streaming import Streaming

EMOTIONS = ("angry", "disgust", "fear", "happy", "neutral", "sad", "calm", "surprise")
"""Emotions with their own colours in the style sheet."""


@dataclass(frozen=True)
class Findings:
    """Everything that the page shows."""

    trained: Trained
    dev: ClipSet
    split: str
    outcomes: list[Outcome]
    temperatures: Temperatures
    streaming: Streaming
    log: list[dict[str, float]]

    def outcome(self, in_sessions: bool, whole: bool = False) -> Outcome:
        """The judgements at the original gain."""
        return next(
            outcome
            for outcome in self.outcomes
            if outcome.condition.gain_db == 0
            and outcome.condition.whole == whole
            and outcome.condition.in_sessions == in_sessions
        )

    @property
    def shown(self) -> list[Outcome]:
        """The two conditions that the page covers; the one by which training chose its best comes first."""
        if self.trained.recipe.evaluation.protocol == "whole":
            return [self.outcome(False, whole=True), self.outcome(True)]
        return [self.outcome(True), self.outcome(False)]

    def by_talker(self, outcome: Outcome) -> dict[str, float]:
        """Accuracy on each dev speaker."""
        right = np.mean(
            [np.nan_to_num(logits, nan=-1e9).argmax(1) == outcome.labels for logits in outcome.logits], axis=0
        )
        silent = np.isnan(outcome.logits[0]).any(axis=1)
        right[silent] = 0
        return {name: float(right[members].mean()) for name, members in self.dev.speakers().items()}

    def style(self, index: int) -> str:
        """The colour of a class."""
        name = self.trained.recipe.classes[index]
        label = self.trained.recipe.labels.get(name, name)
        names = [self.trained.recipe.labels.get(each, each) for each in self.trained.recipe.classes]
        return label if label in EMOTIONS and names.count(label) == 1 else f"other{index % 8}"
