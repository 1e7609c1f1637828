"""Joins several runs into one network with a trunk for each, whose logits are the mean of theirs.

An ensemble of networks that make different mistakes is right more often (Hansen, Salamon: Neural network ensembles, 1990).
All layers but the last become parallel trunks on the same features. The last dense layers are merged into one that
reads every hidden vector with its original weights divided by the number of runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from edged_train import graph, origin, run, writing
from edged_train.problem import Problem
from edged_train.recipe import Recipe
from edged_train.recipe.network import MOST_TRUNKS

OUTPUT = "operators.logits"
"""The layer that is merged."""


def join(runs: Sequence[Path], output: Path) -> None:
    """Writes the runs' best networks, joined, as a run that can be evaluated, trained further and exported.

    Recipe, g and standardization are the first run's; the model card names all runs. If a run was standardized differently, the
    difference is folded into its first convolution. This is exact except in a context's first frames, where zero padding stands for
    a different mean and the running means start at a different one. Raises `Problem` if networks, features or classes differ, or a
    run is already joined.
    """
    if not 2 <= len(runs) <= MOST_TRUNKS:
        raise Problem(
            f"join: name at least two runs and at most {MOST_TRUNKS}, which is what the device can concatenate"
        )
    if output.exists():
        raise Problem(f"{output} exists already; name another folder")
    recipes = [run.read_recipe(folder) for folder in runs]
    for folder, recipe in zip(runs, recipes, strict=True):
        _check(folder, recipe, runs[0], recipes[0])
    checkpoints = [run.load(folder / run.BEST) for folder in runs]
    for folder, checkpoint in zip(runs, checkpoints, strict=True):
        if checkpoint.get("offsets"):
            raise Problem(f"{folder} has offsets; join what they were added to, then run edged-train offset")
    first = checkpoints[0]
    joined: dict[str, Tensor] = {}
    for index, checkpoint in enumerate(checkpoints):
        weights = dict(checkpoint["average"])
        if not all(torch.equal(checkpoint[key], first[key]) for key in ("mean", "deviation")):
            _standardize(weights, checkpoint, first)
        prefix = graph.trunk_prefix(index)
        joined |= {_within(prefix, key): value for key, value in weights.items() if not key.startswith(OUTPUT)}
    outputs = [checkpoint["average"] for checkpoint in checkpoints]
    joined[f"{OUTPUT}.weight"] = torch.cat([each[f"{OUTPUT}.weight"] for each in outputs], 1) / len(runs)
    joined[f"{OUTPUT}.bias"] = torch.stack([each[f"{OUTPUT}.bias"] for each in outputs]).mean(0)
    kept = {key: first[key] for key in ("centre", "mean", "deviation", "epoch")}
    names = [
        f"{folder.resolve().name}, seed {recipe.seed}, epoch {checkpoint['epoch']}"
        for folder, recipe, checkpoint in zip(runs, recipes, checkpoints, strict=True)
    ]
    others = zip(recipes[1:], checkpoints[1:], strict=True)
    kept["began_with"] = origin.kept(origin.of_checkpoint(first), *(origin.of_run(*other) for other in others))
    settings = replace(recipes[0], network=replace(recipes[0].network, trunks=len(runs)))
    with writing.new_folder(output):
        run.write_recipe(settings, output)
        run.save(output / run.BEST, {"average": joined, "joined": names} | kept)


def _check(folder: Path, recipe: Recipe, first: Path, expected: Recipe) -> None:
    if recipe.network.kind != "cnn_lstm" or recipe.network.trunks > 1:
        raise Problem(f"{folder} is no network of the kind cnn_lstm with one trunk; only such can be joined")
    for part, found, wanted in (
        ("network", _shape(recipe), _shape(expected)),
        ("front end", recipe.front_end, expected.front_end),
        ("classes", recipe.classes, expected.classes),
        ("held-out part", _held_out(recipe), _held_out(expected)),
    ):
        if found != wanted:
            raise Problem(f"{folder} has another {part} than {first}: they cannot be joined")


def _held_out(recipe: Recipe) -> tuple[object, ...]:
    """What is held out: the same in all runs, so that none has trained on another's dev speakers."""
    data = recipe.data
    return data.split, data.folds, data.fold, data.held_out


def _shape(recipe: Recipe) -> list[graph.Node]:
    """The network without dropout."""
    return graph.without_dropout(graph.build(recipe.network, recipe.front_end.columns, len(recipe.classes)))


def _standardize(weights: dict[str, Tensor], own: dict[str, Tensor], wanted: dict[str, Tensor]) -> None:
    """Adapts the first convolution, trained on columns standardized by `own`, to the `wanted` mean and deviation.

    A column in its own standardization is the new one times `factor`, plus `offset`. What the offset adds to every row
    is subtracted in the normalization that follows.
    """
    factor = wanted["deviation"] / own["deviation"]
    offset = (wanted["mean"] - own["mean"]) / own["deviation"]
    kernel = weights["operators.conv0.weight"]
    weights["operators.conv0.weight"] = kernel * factor[:, None]
    weights["operators.norm0.running_mean"] = weights["operators.norm0.running_mean"] - kernel.sum(2) @ offset


def _within(prefix: str, key: str) -> str:
    """A tensor's name in a trunk of the joined network."""
    operators, _, rest = key.partition(".")
    return f"{operators}.{prefix}{rest}"
