"""The mean of the weights of several runs that descend from one another.

Runs that descend from the same network (`train --from`) stay in one basin of the loss. The mean of their weights has a lower loss
than each of them, and costs nothing on the device (Wortsman et al., Model soups, 2022).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from edged_train import beginning, graph, origin, run, writing
from edged_train.network import GraphNetwork
from edged_train.problem import Problem
from edged_train.recipe import Recipe


def average(runs: Sequence[Path], output: Path) -> None:
    """Writes the mean of the runs' best weights as a run that can be evaluated and exported, with the first run's recipe.

    A run that is named twice counts twice. Any but the first can be a `model.bin` that a run began with. If the first run centres
    talkers (`centring.py`), the others need not: the centring parameters are then averaged over those that do. The first run's
    g is kept; runs whose speech was segmented otherwise (`prepare --detector`) have a slightly different one. Raises
    `Problem` if networks, features or standardization differ: then the runs do not descend from one another.
    """
    if output.exists():
        raise Problem(f"{output} exists already; name another folder")
    folder = runs[0]
    settings, checkpoint = run.read_recipe(folder), run.load(folder / run.BEST)
    others = [(other, *_read(other, settings)) for other in runs[1:]]
    for path, found in [(folder, checkpoint), *((other, found) for other, _, found in others)]:
        if found.get("offsets"):
            raise Problem(f"{path} has offsets; average what they were added to, then run edged-train offset")
    for other, recipe, found in others:
        for part in ("network", "front_end", "classes"):
            if _compared(recipe, part) != _compared(settings, part):
                raise Problem(f"{other} has another {part.replace('_', ' ')} than {folder}; their weights have no mean")
        if _centring(recipe) not in ([], _centring(settings)) and _centring(settings):
            raise Problem(
                f"{other} centres by another prior, or over other segments, than {folder}; their weights have no mean"
            )
        if set(found["average"]) - set(checkpoint["average"]):
            raise Problem(f"{other} centres talkers and {folder} does not: name one first that does")
        if not all(torch.equal(found[key], checkpoint[key]) for key in ("mean", "deviation")):
            raise Problem(f"{other} does not descend from the same run as {folder}: begin it with train --from")
    weights = [checkpoint["average"], *(found["average"] for _, _, found in others)]
    for key, value in checkpoint["average"].items():
        if value.is_floating_point():
            checkpoint["average"][key] = torch.stack([each[key] for each in weights if key in each]).mean(dim=0)
    kept = {key: checkpoint[key] for key in ("average", "centre", "mean", "deviation", "epoch")}
    earlier = (origin.of_checkpoint(checkpoint), *(found["origins"] for *_, found in others))
    made = {"joined": checkpoint.get("joined", []), "averaged": [path.resolve().name for path in runs]}
    made["began_with"] = origin.kept(*earlier)
    with writing.new_folder(output):
        run.write_recipe(settings, output)
        run.save(output / run.BEST, kept | made)


def _read(path: Path, settings: Recipe) -> tuple[Recipe, dict[str, Any]]:
    """A run's recipe and best checkpoint. A `model.bin` has no recipe: it gets the first run's, with its own classes."""
    if not path.is_file():
        own, checkpoint = run.read_recipe(path), run.load(path / run.BEST)
        return own, checkpoint | {"origins": origin.of_run(own, checkpoint)}
    network = GraphNetwork(graph.build(settings.network, settings.front_end.columns, len(settings.classes)))
    begun = beginning.load(path, settings, network)
    learnt = {key: value for key, value in begun.network.state_dict().items() if key.split(".")[1] not in begun.new}
    return replace(settings, classes=begun.classes), {
        "average": learnt,
        "mean": begun.mean,
        "deviation": begun.deviation,
        "offsets": begun.offsets,
        "origins": begun.origins,
    }


def _centring(recipe: Recipe) -> list[graph.Node]:
    """The nodes that centre."""
    nodes = graph.build(recipe.network, recipe.front_end.columns, len(recipe.classes))
    return [node for node in nodes if node.op == graph.CENTRE]


def _compared(recipe: Recipe, part: str) -> Any:
    """What runs must have in common in a section: for the network, its nodes without centring and dropout."""
    if part == "network":
        nodes = graph.build(recipe.network, recipe.front_end.columns, len(recipe.classes))
        return graph.without(graph.without_dropout(nodes), graph.CENTRE)
    return getattr(recipe, part)
