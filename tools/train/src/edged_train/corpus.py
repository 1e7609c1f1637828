"""Lists of labelled clips, and who is held out.

Three ways to name clips: the CREMA-D index that this project uses, one folder per label, or a TSV manifest with
the columns `path`, `label` and, optionally, `speaker` and `split`. A speaker is what the talker's baseline and a
speaker-disjoint split need; without one, every clip is its own talker.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from edged_train.problem import Problem
from edged_train.recipe import Recipe

AUDIO_SUFFIXES = {".wav", ".flac", ".ogg", ".opus", ".mp3", ".aiff"}
"""What is taken for a clip in a folder per label."""


@dataclass(frozen=True)
class Clip:
    """One recording with one label."""

    name: str
    path: str
    label: str
    speaker: str
    split: str
    """`train`, `dev`, or empty until `list_clips` has decided."""


def list_clips(recipe: Recipe, corpus: Path) -> list[Clip]:
    """The recipe's clips in `corpus`, each with its split, in a stable order.

    Raises `Problem` when there are none, when a label is not one of the recipe's classes, or when a part of the
    split is empty.
    """
    readers = {"crema_d": _crema_d, "folder": _folder, "manifest": _manifest}
    if recipe.data.corpus not in readers:
        raise Problem(f"data.corpus must be one of {', '.join(readers)}, not {recipe.data.corpus!r}")
    clips = [clip for clip in readers[recipe.data.corpus](recipe, corpus) if clip.name not in recipe.data.skip]
    for clip in clips:
        if clip.label not in recipe.classes:
            raise Problem(f"{clip.path}: the label {clip.label!r} is not among the recipe's classes")
    clips = _split(recipe, sorted(clips, key=lambda clip: clip.path))
    for part in ("train", "dev"):
        if not any(clip.split == part for clip in clips):
            raise Problem(f"{corpus}: no {part} clips; give data.split and data.dev_share another value")
    return clips


def write(clips: Iterable[Clip], path: Path) -> None:
    """Writes clips as TSV with a header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [item.name for item in fields(Clip)], delimiter="\t")
        writer.writeheader()
        writer.writerows(asdict(clip) for clip in clips)


def read(path: Path) -> list[Clip]:
    """Reads what `write` wrote."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Clip(**row) for row in csv.DictReader(file, delimiter="\t")]


def _rows(path: Path, needed: set[str]) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t")
            missing = needed - set(reader.fieldnames or ())
            if missing:
                raise Problem(f"{path}: the header lacks {', '.join(sorted(missing))}")
            return list(reader)
    except OSError as error:
        raise Problem(f"cannot read {path}: {error.strerror}") from error


def _crema_d(recipe: Recipe, corpus: Path) -> list[Clip]:
    rows = _rows(corpus / "INDEX.tsv", {"dataset", "stem", "path", "speaker", "emotion", "split"})
    return [
        Clip(row["stem"], str(corpus / row["path"]), row["emotion"], row["speaker"], row["split"])
        for row in rows
        if row["dataset"] == "crema_d"
    ]


def _manifest(recipe: Recipe, corpus: Path) -> list[Clip]:
    clips = []
    for row in _rows(corpus, {"path", "label"}):
        path = corpus.parent / row["path"]
        speaker = row.get("speaker") or str(path)
        clips.append(Clip(path.stem, str(path), row["label"], speaker, row.get("split") or ""))
    return clips


def _folder(recipe: Recipe, corpus: Path) -> list[Clip]:
    clips = []
    pattern = re.compile(recipe.data.speaker_pattern) if recipe.data.speaker_pattern else None
    for label in recipe.classes:
        for path in sorted((corpus / label).rglob("*")):
            if path.suffix.lower() not in AUDIO_SUFFIXES:
                continue
            match = pattern.search(path.name) if pattern else None
            if pattern and not match:
                raise Problem(f"{path}: data.speaker_pattern does not match the file name")
            speaker = match.group(1) if match else str(path)
            clips.append(Clip(path.stem, str(path), label, speaker, ""))
    if not clips:
        raise Problem(f"{corpus}: no clips in folders named {', '.join(recipe.classes)}")
    return clips


def _split(recipe: Recipe, clips: list[Clip]) -> list[Clip]:
    how = recipe.data.split
    if how == "given":
        if any(clip.split not in ("train", "dev") for clip in clips):
            raise Problem("some clips have no split; give the column, or data.split = 'speaker' or 'random'")
        return clips
    if how not in ("speaker", "random"):
        raise Problem(f"data.split must be given, speaker or random, not {how!r}")
    unit = [clip.speaker if how == "speaker" else clip.path for clip in clips]
    units = sorted(set(unit))
    random.Random(recipe.seed).shuffle(units)
    held = set(units[: max(1, round(recipe.data.dev_share * len(units)))])
    return [replace(clip, split="dev" if u in held else "train") for clip, u in zip(clips, unit, strict=True)]
