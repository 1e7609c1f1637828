"""Folders of recordings that a corpus of one folder per label has, and that are no label of the recipe."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from edged_train import account, sound
from edged_train.recipe import Recipe


def labels(recipe: Recipe) -> list[str]:
    """The folders' names that the recipe knows."""
    return list(dict.fromkeys((*recipe.classes, *recipe.data.rename, *recipe.data.drop)))


def folders(recipe: Recipe, places: Path | Mapping[str, Path]) -> dict[str, int]:
    """Each folder that is no label, and how many recordings it holds, if any; nothing of corpora of another kind."""
    place = places if isinstance(places, Path) else places.get("folder")
    if "folder" not in recipe.data.corpus or place is None or not place.is_dir():
        return {}
    known = set(labels(recipe))
    strange = sorted(path for path in place.iterdir() if path.is_dir() and path.name not in known)
    return {path.name: count for path in strange if (count := len(sound.files(path)))}


def told(found: Mapping[str, int]) -> str:
    """The folders in words, with their counts."""
    return account.some([f"{name} ({count} recording{'s' * (count > 1)})" for name, count in found.items()])
