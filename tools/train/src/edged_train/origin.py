"""What a network began with or was taught by: another network, whose data, licence and attribution go on with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from edged_train.recipe import Recipe


@dataclass(frozen=True)
class Origin:
    """Another network, as its recipe or its model card describes it; what it does not say is empty."""

    name: str
    data: str = ""
    licence: str = ""
    attribution: str = ""
    sha256: str = ""
    """Of a `model.bin`, in hexadecimal."""

    @classmethod
    def of(cls, recipe: Recipe) -> Origin:
        """The network that a run of this recipe gives."""
        return cls(recipe.name, recipe.data.title, recipe.data.licence, recipe.data.attribution)

    @property
    def terms(self) -> tuple[str, str, str]:
        """What whoever passes on a network that began with this one has to say of it."""
        return self.data, self.licence, self.attribution


def from_card(name: str, provenance: Mapping[str, Any], sha256: str) -> tuple[Origin, ...]:
    """The network of a model card's `provenance`, and what that one began with."""
    earlier = provenance.get("began_with", {})
    return _different([_read(name, {**provenance, "sha256": sha256}), *(_read(*item) for item in earlier.items())])


def of_run(recipe: Recipe, checkpoint: Mapping[str, Any]) -> tuple[Origin, ...]:
    """A run's network, and what it began with itself."""
    return _different([Origin.of(recipe), *of_checkpoint(checkpoint)])


def of_checkpoint(checkpoint: Mapping[str, Any]) -> tuple[Origin, ...]:
    """What a checkpoint's network began with; nothing where it is older than this."""
    return tuple(Origin(**origin) for origin in checkpoint.get("began_with", ()))


def kept(*groups: Iterable[Origin]) -> list[dict[str, str]]:
    """What a checkpoint keeps of all of them, each once."""
    return [asdict(origin) for origin in _different(origin for group in groups for origin in group)]


def foreign(origins: Iterable[Origin], own: Recipe) -> dict[str, Origin]:
    """Those of other terms than the recipe's own, by names that differ: the same data twice are no news."""
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
    """As a model card has them: an object by name, of strings, without what is not known."""
    return {
        name: {key: value for key, value in asdict(origin).items() if value and key != "name"}
        for name, origin in foreign(origins, own).items()
    }


def _read(name: str, described: Mapping[str, Any]) -> Origin:
    return Origin(name, *(str(described.get(key, "")) for key in ("data", "licence", "attribution", "sha256")))


def _different(origins: Iterable[Origin]) -> tuple[Origin, ...]:
    return tuple(dict.fromkeys(origins))
