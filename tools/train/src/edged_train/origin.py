"""The networks that a network began with or was taught by, whose data, licence and attribution it inherits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from edged_train.recipe import Recipe


@dataclass(frozen=True)
class Origin:
    """Another network, as its recipe or model card describes it; unknown fields are empty."""

    name: str
    data: str = ""
    licence: str = ""
    attribution: str = ""
    sha256: str = ""
    """Of a `model.bin`, in hexadecimal."""

    @classmethod
    def of(cls, recipe: Recipe) -> Origin:
        """The network of a run of this recipe."""
        return cls(recipe.name, recipe.data.title, recipe.data.licence, recipe.data.attribution)

    @property
    def terms(self) -> tuple[str, str, str]:
        """What anyone who redistributes a derived network has to state."""
        return self.data, self.licence, self.attribution


def from_card(name: str, provenance: Mapping[str, Any], sha256: str) -> tuple[Origin, ...]:
    """The network described by a model card's `provenance`, and those it began with."""
    earlier = provenance.get("began_with", {})
    return _different([_read(name, {**provenance, "sha256": sha256}), *(_read(*item) for item in earlier.items())])


def of_run(recipe: Recipe, checkpoint: Mapping[str, Any]) -> tuple[Origin, ...]:
    """A run's network, and those it began with."""
    return _different([Origin.of(recipe), *of_checkpoint(checkpoint)])


def of_checkpoint(checkpoint: Mapping[str, Any]) -> tuple[Origin, ...]:
    """What a checkpoint's network began with; empty for checkpoints that predate this field."""
    return tuple(Origin(**origin) for origin in checkpoint.get("began_with", ()))


def kept(*groups: Iterable[Origin]) -> list[dict[str, str]]:
    """All origins as a checkpoint stores them, without duplicates."""
    return [asdict(origin) for origin in _different(origin for group in groups for origin in group)]


def foreign(origins: Iterable[Origin], own: Recipe) -> dict[str, Origin]:
    """The origins whose terms differ from the recipe's own, by unique name."""
    named: dict[str, Origin] = {}
    for origin in origins:
        if origin.terms == Origin.of(own).terms:
            continue
        name, count = origin.name, 1
        while name in named:
            count += 1
            name = f"{origin.name} ({count})"
        named[name] = origin
    return named


def to_card(origins: Iterable[Origin], own: Recipe) -> dict[str, dict[str, str]]:
    """The foreign origins as in a model card: an object of strings for each name, without unknown fields."""
    return {
        name: {key: value for key, value in asdict(origin).items() if value and key != "name"}
        for name, origin in foreign(origins, own).items()
    }


def _read(name: str, described: Mapping[str, Any]) -> Origin:
    return Origin(name, *(str(described.get(key, "")) for key in ("data", "licence", "attribution", "sha256")))


def _different(origins: Iterable[Origin]) -> tuple[Origin, ...]:
    return tuple(dict.fromkeys(origins))
