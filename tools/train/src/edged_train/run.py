"""A run's folder: the recipe it was started with, its checkpoints and its log."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from edged_train import graph, origin, recipe, text, writing
from edged_train.bias import Expectation
from edged_train.frontend import FeatureMap
from edged_train.network import GraphNetwork
from edged_train.origin import Origin
from edged_train.problem import Problem
from edged_train.recipe import Recipe
from edged_train.recipe.document import override

LAST, BEST = "last.pt", "best.pt"
"""The newest checkpoint, to resume from, and the best on the dev clips."""

FIGURES = "figures.json"
"""What the last evaluation of the best checkpoint found."""


@dataclass(frozen=True)
class Trained:
    """A trained model loaded from a checkpoint."""

    recipe: Recipe
    network: GraphNetwork
    feature_map: FeatureMap
    centre: torch.Tensor
    """g, the corpus mean of the raw vector."""
    epoch: int
    joined: tuple[str, ...] = ()
    """The runs joined in it: folder, seed and epoch of each at that time."""
    offsets: Mapping[str, float] = field(default_factory=dict)
    """What `offset` added to the logits, by class."""
    bias: Expectation | None = None
    """Statistics for the talker's bias, if `offset` has measured them."""
    averaged: tuple[str, ...] = ()
    """The runs that it is the mean of, by folder name; epoch and seed are then the first one's."""
    began_with: tuple[Origin, ...] = ()
    """Networks that it, or its members, began with or were taught by."""


def seed_everything(*parts: int) -> np.random.Generator:
    """Seeds PyTorch and Python; returns a NumPy generator with the same seed parts."""
    state = int(np.random.SeedSequence(parts).generate_state(1)[0])
    torch.manual_seed(state)
    random.seed(state)
    return np.random.default_rng(parts)


def write_recipe(settings: Recipe, folder: Path) -> None:
    """Stores the recipe beside the checkpoints."""
    document = json.dumps(recipe.to_document(settings), indent=1, ensure_ascii=False)
    writing.write(folder / "recipe.json", document.encode())


def read_recipe(folder: Path, overrides: Sequence[str] = ()) -> Recipe:
    """The recipe that a run was started with; each override is `recognition.key=value`.

    Raises `Problem` if `folder` is not a run, or for an override of another section, which would not match the trained network.
    """
    path = folder / "recipe.json"
    try:
        document = text.json_object(path)
    except (OSError, ValueError) as error:
        raise Problem(f"{folder} is not the folder of a run: {path} cannot be read") from error
    for setting in overrides:
        if not setting.startswith("recognition."):
            raise Problem(f"--set {setting}: of a run that is trained, keys of recognition alone can be set")
        override(document, setting)
    return recipe.from_document(document, str(path))


def save(path: Path, checkpoint: dict[str, Any]) -> None:
    """Writes a checkpoint; an interruption leaves the previous one intact. Raises `Problem` if it cannot be written."""
    writing.write(path, writing.made(lambda file: torch.save(checkpoint, file)))


def load(path: Path) -> dict[str, Any]:
    """Reads a checkpoint. Raises `Problem` if it is missing or damaged."""
    try:
        checkpoint: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch.load raises whatever the pickle machinery does
        raise Problem(f"cannot read the checkpoint {path}: {error}") from error
    return checkpoint


def load_trained(folder: Path, name: str = BEST, overrides: Sequence[str] = ()) -> Trained:
    """The averaged network of a run's checkpoint, in evaluation mode; `overrides` as in `read_recipe`."""
    settings, checkpoint = read_recipe(folder, overrides), load(folder / name)
    nodes = graph.build(settings.network, settings.front_end.columns, len(settings.classes))
    network = GraphNetwork(nodes)
    network.load_state_dict(checkpoint["average"])
    network.eval()
    feature_map = FeatureMap(checkpoint["centre"], settings.front_end)
    feature_map.restore(checkpoint["mean"], checkpoint["deviation"])
    joined = tuple(checkpoint.get("joined", ()))
    epoch, offsets = int(checkpoint["epoch"]), checkpoint.get("offsets", {})
    averaged = tuple(checkpoint.get("averaged", ()))
    measured = checkpoint.get("bias")
    bias = Expectation(measured["means"].numpy(), measured["variance"], measured["prior"]) if measured else None
    began_with = origin.of_checkpoint(checkpoint)
    centre = checkpoint["centre"]
    return Trained(settings, network, feature_map, centre, epoch, joined, offsets, bias, averaged, began_with)
