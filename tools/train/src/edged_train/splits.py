"""What is held out: whole speakers, single clips, or one speaker or fold at a time."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from edged_train.clip import Clip
from edged_train.problem import Problem
from edged_train.recipe import Data

FEW_TALKERS = 4
"""Reports warn below this many dev speakers: accuracy differs between talkers by tens of points, by 27 among CREMA-D's nine dev speakers."""


def divide(data: Data, seed: int, clips: Sequence[Clip]) -> list[Clip]:
    """Assigns each clip its part, `train` or `dev`, or the number of its fold.

    Speakers of each corpus are dealt separately, so that each part contains every corpus. Raises `Problem` if the
    recipe's split is impossible with these clips.
    """
    # Any word counts: a list that says `training` and `test` must be refused, not split anew across its held-out part.
    is_given = any(clip.split for clip in clips)
    if data.split == "given" or (data.split == "auto" and is_given and not data.folds):
        unclear = [clip for clip in clips if clip.split not in ("train", "dev")]
        if unclear:
            first = next((clip for clip in unclear if clip.split), unclear[0])
            raise Problem(
                f"{first.path}: its split is {first.split!r}: write train or dev for every clip, or set data.split = 'speaker' or 'random'"
            )
        return list(clips)
    speakers = {clip.speaker for clip in clips}
    if data.split != "random" and len(speakers) == 1:
        raise Problem(
            f"all {len(clips)} clips have the one speaker “{speakers.pop()}”, so that none can be held out: name the others, in the list or by "
            "data.speaker_pattern, or set data.split = 'random'"
        )
    unit = [clip.path if data.split == "random" else clip.speaker for clip in clips]
    decks: dict[str, set[str]] = {}
    for clip, name in zip(clips, unit, strict=True):
        decks.setdefault(clip.corpus, set()).add(name)
    if data.split == "leave_one_speaker_out":
        part = {name: str(index) for index, name in enumerate(sorted(set(unit)))}
    elif data.folds:
        part = _folds(data.folds, seed, decks)
    else:
        part = _held_out(data.dev_share, seed, decks)
    return [replace(clip, split=part[name]) for clip, name in zip(clips, unit, strict=True)]


def _held_out(share: float, seed: int, decks: dict[str, set[str]]) -> dict[str, str]:
    held: list[str] = []
    for deck in decks.values():
        names = _shuffled(deck, seed)
        held += names[: round(share * len(names))]
    if not held:
        held = _shuffled(next(iter(decks.values())), seed)[:1]
    return {name: "dev" if name in set(held) else "train" for deck in decks.values() for name in deck}


def _folds(count: int, seed: int, decks: dict[str, set[str]]) -> dict[str, str]:
    # Dealing continues where the last corpus ended, so that small corpora do not all land in the first folds.
    dealt = [name for deck in decks.values() for name in _shuffled(deck, seed)]
    if len(dealt) < count:
        raise Problem(f"data.folds is {count}, but there are only {len(dealt)} speakers or clips to divide")
    return {name: str(index % count) for index, name in enumerate(dealt)}


def _shuffled(names: set[str], seed: int) -> list[str]:
    order = sorted(names)
    random.Random(seed).shuffle(order)
    return order


def parts(data: Data, clips: Sequence[Clip]) -> list[Clip]:
    """The clips with `train` or `dev` as their part; of folds, `data.fold` is held out.

    Raises `Problem` if there is no such fold or speaker, or if a part is empty.
    """
    if data.is_folded:
        folds = {clip.split for clip in clips}
        if str(data.fold) not in folds:
            raise Problem(f"data.fold must lie in 0…{len(folds) - 1}, not {data.fold}")
        clips = [replace(clip, split="dev" if clip.split == str(data.fold) else "train") for clip in clips]
    if data.held_out:
        clips = _without(data.held_out, clips)
    for part in ("train", "dev"):
        if not any(clip.split == part for clip in clips):
            raise Problem(f"there are no {part} clips; give data.split and data.dev_share another value")
    return list(clips)


def _without(held: Sequence[str], clips: Sequence[Clip]) -> list[Clip]:
    """The clips with `dev` as the part of speakers held out by name, and no part for those that were `dev`."""
    strangers = set(held) - {clip.speaker for clip in clips if clip.split == "train"}
    if strangers:
        raise Problem(f"data.held_out: {', '.join(sorted(strangers))} not among the speakers that the split trains on")

    if not any(clip.split == "train" and clip.speaker not in held for clip in clips):
        raise Problem("data.held_out names every speaker that the split trains on; name fewer")

    def part(clip: Clip) -> str:
        if clip.split != "train":
            return ""
        return "dev" if clip.speaker in held else "train"

    return [replace(clip, split=part(clip)) for clip in clips]


def describe(data: Data, clips: Sequence[Clip]) -> str:
    """What was held out, for reports, derived from the clips themselves and not from the recipe."""
    divided = parts(data, clips)
    train, dev = ([clip for clip in divided if clip.split == part] for part in ("train", "dev"))
    speakers, held = ({clip.speaker for clip in part} for part in (train, dev))
    shared = len(speakers & held)
    nameless = sum(not clip.names_its_speaker for clip in (*train, *dev))
    if nameless == len(train) + len(dev):
        kind = "speakers unknown: every clip counts as a talker of its own"
    elif shared:
        kind = f"random: {shared} of the {len(held)} dev speakers are also heard in training"
    elif nameless:
        kind = f"speaker-disjoint as far as speakers are known: {nameless} clips, whose speakers are not, count as talkers of their own"
    else:
        kind = "speaker-disjoint"
    fold = ""
    if data.is_folded:
        fold = f", fold {data.fold} of {len({clip.split for clip in clips})}"
    if data.held_out:
        fold = ", held out by name"
    if data.copies:
        name, colon, rest = kind.partition(":")
        kind = f"{name}, with augmented copies of all dev clips in training{colon}{rest}"
    few = "; so few talkers tell little about others" if len(held) < FEW_TALKERS else ""
    counts = f"{len(train)} clips of {len(speakers)} speakers train, {len(dev)} of {len(held)} dev"
    return f"{kind}{fold}; {counts}{few}"
