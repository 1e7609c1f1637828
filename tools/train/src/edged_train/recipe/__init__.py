"""A recipe: everything that determines a model, in one readable TOML file.

Each section of the file is one of the dataclasses of this package, field for field.
"""

from __future__ import annotations

import dataclasses
import tomllib
import typing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from edged_train.problem import Problem
from edged_train.recipe.augmentation import Augmentation
from edged_train.recipe.check import check
from edged_train.recipe.data import Data
from edged_train.recipe.document import build, override
from edged_train.recipe.front_end import FrontEnd
from edged_train.recipe.network import Layer, Network
from edged_train.recipe.recognition import Baseline, Recognition, Segmentation
from edged_train.recipe.training import Evaluation, Training

__all__ = [
    "Augmentation",
    "Baseline",
    "Data",
    "Evaluation",
    "FrontEnd",
    "Layer",
    "Network",
    "Recipe",
    "Recognition",
    "Segmentation",
    "Training",
    "from_document",
    "load",
    "to_document",
]


@dataclass(frozen=True)
class Recipe:
    """One model, from clips to file."""

    name: str
    classes: tuple[str, ...]
    data: Data
    seed: int = 0
    labels: dict[str, str] = field(default_factory=dict)
    """The vocabulary label that is published for a class, where they differ."""
    front_end: FrontEnd = field(default_factory=FrontEnd)
    recognition: Recognition = field(default_factory=Recognition)
    augmentation: Augmentation = field(default_factory=Augmentation)
    segmentation: Segmentation = field(default_factory=Segmentation)
    network: Network = field(default_factory=Network)
    training: Training = field(default_factory=Training)
    evaluation: Evaluation = field(default_factory=Evaluation)

    @property
    def context_frames(self) -> int:
        """The longest context of the network, in frames."""
        return self.frames(self.recognition.context_ms)

    def frames(self, milliseconds: float) -> int:
        """A duration in whole frames."""
        return round(milliseconds * self.front_end.frames_per_second / 1000)


def load(path: Path, overrides: typing.Sequence[str] = ()) -> Recipe:
    """Reads a recipe; each override is `section.key=value` with a TOML value.

    Raises `Problem` for a file that cannot be read, is not TOML, or does not describe a recipe.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Problem(f"cannot read the recipe {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Problem(f"{path} is not valid TOML: {error}") from error
    for setting in overrides:
        override(document, setting)
    return from_document(document, str(path))


def from_document(document: dict[str, Any], origin: str) -> Recipe:
    """The recipe that a parsed TOML or JSON document describes; `origin` names it in messages."""
    recipe: Recipe = build(Recipe, document, origin)
    check(recipe, origin)
    return recipe


def to_document(recipe: Recipe) -> dict[str, Any]:
    """The inverse of `from_document`, every default written out."""
    return dataclasses.asdict(recipe)
