"""Class offsets that correct a network's logits for talkers not heard in training.

A network makes different mistakes on such talkers than on those it was trained on. The offsets are fitted on runs that held speakers
out, and added to the last layer's bias of a run that was trained on all of them. They are found by bias-corrected temperature
scaling (Alexandari, Kundaje, Shrikumar: Maximum Likelihood with Bias-Corrected Calibration is Hard-To-Beat at Label Shift
Adaptation, ICML 2020) of several runs at once; `export` then fits the run's own temperature as usual. The same runs give the
statistics for the talker's bias (`bias.py`). They need not centre talkers if the run does (`centring.py`). Centring leaves less
variance between talkers, so that the bias is then shrunk a little too little.
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

from edged_train import clips, corpus, evaluation, run, splits, writing
from edged_train.bias import Spoken, measure
from edged_train.clip import Clip
from edged_train.evaluation import Condition
from edged_train.join import OUTPUT
from edged_train.problem import Problem

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Unheard:
    """A run's logits on its held-out talkers, in sessions and cold."""

    labels: NDArray[np.int64]
    logits: NDArray[np.float64]
    """[judgement, class], of clips with speech."""
    talkers: NDArray[np.int64]
    """The talker of each judgement; −1 for cold ones."""
    clips: NDArray[np.int64]

    @classmethod
    def of(cls, folder: Path, prepared: Path, orders: int | None, overrides: Sequence[str] = ()) -> Unheard:
        """Judges a run's dev clips on the live path, cold as often as in sessions.

        Raises `Problem` if a class does not occur, since its offset could not be fitted.
        """
        trained = run.load_trained(folder, overrides=overrides)
        dev = clips.load_dev(trained.recipe, prepared, 0, trained.centre.numpy())
        times = orders or trained.recipe.evaluation.orders
        cold, warm = (evaluation.judge(trained, dev, Condition(0, False, known), times) for known in (False, True))
        judgements = [*cold.logits * times, *warm.logits]
        logits, labels = np.concatenate(judgements).astype(np.float64), np.concatenate([dev.labels] * len(judgements))
        numbers = np.unique([clip.speaker for clip in dev.clips], return_inverse=True)[1]
        talkers = np.concatenate([np.full(times * len(numbers), -1), np.tile(numbers, times)])
        spoken = ~np.isnan(logits).any(axis=1)
        absent = set(range(len(trained.recipe.classes))) - set(labels[spoken].tolist())
        if absent:
            names = ", ".join(trained.recipe.classes[label] for label in sorted(absent))
            raise Problem(f"{folder}: its held-out talkers say nothing that is {names}; hold others out")
        numbered = np.tile(np.arange(len(numbers)), 2 * times)
        return cls(labels[spoken], logits[spoken], talkers[spoken], numbered[spoken])

    def surprise(self, temperature: float, offsets: Vector) -> float:
        """Mean cross-entropy of softmax(logits / temperature + offsets), in nats."""
        likelihoods = log_softmax(self.logits / temperature + offsets, axis=1)
        return -float(likelihoods[np.arange(len(self.labels)), self.labels].mean())

    def temperature(self, offsets: Vector) -> float:
        """The most likely temperature given the offsets."""
        found = minimize(lambda logarithm: self.surprise(float(np.exp(logarithm[0])), offsets), [0.0], method="BFGS")
        return float(np.exp(found.x[0]))

    def spoken(self, offsets: Vector) -> Spoken:
        """The judgements in sessions, with the offsets, scaled to temperature 1."""
        logits = self.logits / self.temperature(offsets) + offsets
        known = self.talkers >= 0
        return Spoken(logits[known], self.labels[known], self.talkers[known], self.clips[known])

    def right(self, offsets: Vector) -> str:
        """Accuracy and unweighted average recall in % with the offsets, at the temperature fitted to them."""
        hits = (self.logits / self.temperature(offsets) + offsets).argmax(axis=1) == self.labels
        recall = np.mean([hits[self.labels == label].mean() for label in np.unique(self.labels)])
        return f"{100 * hits.mean():.1f} / {100 * recall:.1f}"


def fit(groups: Sequence[Unheard]) -> Vector:
    """The maximum-likelihood offsets in nats, zero on average, all groups weighted equally.

    They are added after a temperature, softmax(logits / T + offsets), which is fitted per group: runs differ more in confidence
    than in their mistakes. Raises `Problem` if none can be found.
    """

    def surprise(parameters: Vector) -> float:
        logarithms, offsets = parameters[: len(groups)], parameters[len(groups) :]
        each = [g.surprise(float(np.exp(t)), offsets) for g, t in zip(groups, logarithms, strict=True)]
        return float(np.mean(each))

    found = minimize(surprise, np.zeros(len(groups) + groups[0].logits.shape[1]), method="BFGS").x[len(groups) :]
    if not np.isfinite(found).all():
        raise Problem("no offsets suit the runs that held speakers out; are their logits finite?")
    return np.asarray(found - found.mean(), dtype=np.float64)


def offset(
    folder: Path,
    held: Sequence[Path],
    prepared: Path,
    output: Path,
    orders: int | None,
    overrides: Sequence[str] = (),
) -> str:
    """Writes `folder`'s best network as a run with the offsets fitted on the runs `held` and the statistics of the talker's bias;
    returns a table of the offsets.

    Each of `held` is judged on its own held-out talkers. The table also says what the other runs' offsets give it, an estimate of the
    real gain. All are judged with `overrides` of the recipe's `recognition`, which the written run keeps. It is not checked whether a
    run has heard these talkers indirectly, through a network that it began with or was taught by. Raises `Problem` for other classes,
    overlapping held-out talkers, a run that has offsets, or if `output` exists.
    """
    if output.exists():
        raise Problem(f"{output} exists already; name another folder")
    settings, checkpoint = run.read_recipe(folder, overrides), run.load(folder / run.BEST)
    if checkpoint.get("offsets"):
        raise Problem(f"{folder} has offsets already; name the run that they were added to")
    own = Unheard.of(folder, prepared, orders, overrides)
    _check(folder, held, prepared)
    groups = [Unheard.of(other, prepared, orders, overrides) for other in held]
    offsets = fit(groups)
    key = f"{OUTPUT}.bias"
    temperature = own.temperature(offsets)
    added = torch.from_numpy(offsets * temperature).float()
    bias = measure([group.spoken(offsets) for group in groups]).times(temperature)
    checkpoint["average"][key] = checkpoint["average"][key] + added
    kept = {key: checkpoint[key] for key in ("average", "centre", "mean", "deviation", "epoch")}
    named = dict(zip(settings.classes, added.tolist(), strict=True))
    kept |= {key: checkpoint.get(key, []) for key in ("joined", "averaged", "began_with")}
    measured = {"means": torch.from_numpy(bias.means), "variance": bias.variance, "prior": bias.prior}
    with writing.new_folder(output):
        run.write_recipe(settings, output)
        run.save(output / run.BEST, kept | {"offsets": named, "bias": measured})
    width = max(10, *(len(name) + 1 for name in named))
    table = [f"{name:{width}}{value:+7.3f}" for name, value in named.items()]
    sizes = f"talker's bias: variance {bias.variance:.3f}, prior {bias.prior} segments"
    return "\n".join([*table, *_gains(held, groups, offsets), f"{folder}: {_change(own, offsets)}", sizes])


def _check(folder: Path, held: Sequence[Path], prepared: Path) -> None:
    """Raises `Problem` unless the held-out talkers of `held` and `folder` are disjoint."""
    every = corpus.read(prepared / "clips.tsv")
    classes = run.read_recipe(folder).classes
    known = {speaker: folder for speaker in _dev_speakers(folder, every)}
    for other in held:
        if run.read_recipe(other).classes != classes:
            raise Problem(f"{other} has other classes than {folder}")
        if run.load(other / run.BEST).get("offsets"):
            raise Problem(f"{other} has offsets already; name the run that they were added to")
        for speaker in _dev_speakers(other, every):
            if speaker in known:
                raise Problem(f"{other} holds {speaker} out, as {known[speaker]} does; each must hold out others")
            known[speaker] = other


def _dev_speakers(folder: Path, every: Sequence[Clip]) -> set[str]:
    return {clip.speaker for clip in splits.parts(run.read_recipe(folder).data, every) if clip.split == "dev"}


def _gains(held: Sequence[Path], groups: Sequence[Unheard], offsets: Vector) -> list[str]:
    lines = ["accuracy / UAR in % on held-out talkers:"]
    for index, (path, group) in enumerate(zip(held, groups, strict=True)):
        others = [*groups[:index], *groups[index + 1 :]]
        hoped = f"by the others' offsets {group.right(fit(others))}" if others else "no others to check these by"
        lines.append(f"{path}: {_change(group, offsets)}, {hoped}")
    return lines


def _change(group: Unheard, offsets: Vector) -> str:
    return f"{group.right(np.zeros_like(offsets))}, by these offsets {group.right(offsets)}"
