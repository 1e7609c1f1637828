"""Timing in turns: what else the machine does meets all contestants alike."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass
class Times:
    """One contestant's times, in microseconds, one a round."""

    rounds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The median of all rounds."""
        return statistics.median(self.rounds)

    @property
    def least(self) -> float:
        """The best round: what an idle machine would need."""
        return min(self.rounds)

    def over(self, other: Times) -> float:
        """How many times longer this takes than `other`: the median of the rounds' own ratios."""
        return statistics.median(mine / theirs for mine, theirs in zip(self.rounds, other.rounds, strict=True))

    def __add__(self, other: Times) -> Times:
        """Both, one after the other."""
        return Times([mine + theirs for mine, theirs in zip(self.rounds, other.rounds, strict=True)])

    def __mul__(self, factor: float) -> Times:
        """So many of it."""
        return Times([value * factor for value in self.rounds])


def repeated(run: Callable[[], object], *, per_run: float = 1, slice_seconds: float = 0.05) -> Callable[[], float]:
    """A contestant: runs for at least `slice_seconds` and gives the microseconds of one run, over `per_run` (seconds
    of audio, say).
    """

    def contestant() -> float:
        count = 0
        start = time.process_time()
        while True:
            run()
            count += 1
            elapsed = time.process_time() - start
            if elapsed >= slice_seconds:
                return elapsed * 1e6 / count / per_run

    return contestant


def hold(
    contestants: Mapping[str, Callable[[], Mapping[str, float]]], rounds: int, *, seed: int = 0
) -> dict[str, Times]:
    """The times of everything that the contestants measure, in `rounds` rounds.

    In a round each has one turn, in an order of its own. A first round, not counted, fills caches.
    """
    order = random.Random(seed)
    names = list(contestants)
    times: dict[str, Times] = {}
    for number in range(rounds + 1):
        order.shuffle(names)
        for name in names:
            for what, value in contestants[name]().items():
                if number:
                    times.setdefault(what, Times()).rounds.append(value)
    return times
