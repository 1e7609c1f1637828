"""What the logits of talkers whom training did not hear lack, class by class.

Of such talkers a network names what is unremarkable too often and what is rare in their voices too seldom. How much too
often is told by runs that held speakers out; the same is then added to the last layer's bias of a run that heard all of
them. With the temperature that `export` fits this is bias-corrected temperature scaling (Alexandari, Kundaje, Shrikumar:
Maximum Likelihood with Bias-Corrected Calibration is Hard-To-Beat at Label Shift Adaptation, ICML 2020).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax

from edged_train import clips, evaluation, run
from edged_train.evaluation import Condition
from edged_train.join import OUTPUT
from edged_train.problem import Problem

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Unheard:
    """What a run says of the talkers that it did not hear, in sessions and cold alike."""

    labels: NDArray[np.int64]
    logits: NDArray[np.float64]
    """[judgement, class], of clips with speech."""

    @classmethod
    def of(cls, folder: Path, prepared: Path, orders: int | None) -> Unheard:
        """Of a run's dev clips, on the live path: as many cold judgements as judgements in sessions."""
        trained = run.load_trained(folder)
        dev = clips.load_dev(trained.recipe, prepared, 0, trained.centre.numpy())
        times = orders or trained.recipe.evaluation.orders
        cold, warm = (evaluation.judge(trained, dev, Condition(0, False, warm), times) for warm in (False, True))
        judgements = [*cold.logits * times, *warm.logits]
        logits, labels = np.concatenate(judgements).astype(np.float64), np.concatenate([dev.labels] * len(judgements))
        spoken = ~np.isnan(logits).any(axis=1)
        return cls(labels[spoken], logits[spoken])

    def recall(self, offsets: Vector) -> float:
        """Unweighted average recall with the offsets added."""
        right = (self.logits + offsets).argmax(axis=1) == self.labels
        return float(np.mean([right[self.labels == label].mean() for label in np.unique(self.labels)]))


def fit(groups: Sequence[Unheard]) -> Vector:
    """The offsets, zero on average, with which the labels of all groups are most likely, every class and group weighing the same.

    Each group has a temperature of its own: how sure a run is differs more than what it mistakes.
    """
    count = groups[0].logits.shape[1]
    weights = [_weights(group.labels) for group in groups]

    def surprise(parameters: Vector) -> float:
        offsets, total = parameters[len(groups) :], 0.0
        for group, weight, logarithm in zip(groups, weights, parameters, strict=False):
            likelihoods = log_softmax((group.logits + offsets) * np.exp(-logarithm), axis=1)
            total -= float(weight @ likelihoods[np.arange(len(group.labels)), group.labels])
        return total / len(groups)

    found = minimize(surprise, np.zeros(len(groups) + count), method="BFGS").x[len(groups) :]
    return np.asarray(found - found.mean(), dtype=np.float64)


def _weights(labels: NDArray[np.int64]) -> Vector:
    """Of each judgement, so that every class that occurs weighs the same."""
    kinds, counts = np.unique(labels, return_counts=True)
    return np.asarray(1 / counts[np.searchsorted(kinds, labels)] / len(kinds), dtype=np.float64)


def offset(folder: Path, held: Sequence[Path], prepared: Path, output: Path, orders: int | None) -> str:
    """Writes `folder`'s best network, with the offsets that the runs `held` ask for, as a run; gives a table of them.

    Each of `held` is judged on its own held-out talkers. The table also says what the others' offsets give each of them: what
    may be hoped for. Raises `Problem` for other classes, or if `output` exists.
    """
    if output.exists():
        raise Problem(f"{output} exists already; name another folder")
    settings, checkpoint = run.read_recipe(folder), run.load(folder / run.BEST)
    groups = []
    for other in held:
        if run.read_recipe(other).classes != settings.classes:
            raise Problem(f"{other} has other classes than {folder}")
        groups.append(Unheard.of(other, prepared, orders))
    offsets = fit(groups)
    key = f"{OUTPUT}.bias"
    if key not in checkpoint["average"]:
        raise Problem(f"{folder} has no last layer that offsets could be added to")
    checkpoint["average"][key] = checkpoint["average"][key] + torch.from_numpy(offsets).float()
    output.mkdir(parents=True)
    run.write_recipe(settings, output)
    kept = {key: checkpoint[key] for key in ("average", "centre", "mean", "deviation", "epoch")}
    run.save(output / run.BEST, kept | {"joined": checkpoint.get("joined", [])})
    return "\n".join(_table(settings.classes, offsets, held, groups))


def _table(classes: Sequence[str], offsets: Vector, held: Sequence[Path], groups: Sequence[Unheard]) -> list[str]:
    lines = [f"{name:10}{value:+7.3f}" for name, value in zip(classes, offsets, strict=True)]
    nothing = np.zeros_like(offsets)
    for index, (path, group) in enumerate(zip(held, groups, strict=True)):
        others = [*groups[:index], *groups[index + 1 :]]
        without = f", by the others' offsets {100 * group.recall(fit(others)):.1f}" if others else ""
        lines.append(
            f"{path.resolve().name}: UAR {100 * group.recall(nothing):.1f}{without}, by these {100 * group.recall(offsets):.1f}"
        )
    return lines
