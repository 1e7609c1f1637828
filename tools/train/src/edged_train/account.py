"""What `prepare` and `train` say of the clips: how many, whose, of which classes, and what is odd about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from edged_train import sound, splits
from edged_train.clip import Clip
from edged_train.problem import Problem
from edged_train.recipe import Recipe


def oddities(recipe: Recipe, clips: Sequence[Clip]) -> Iterator[str]:
    """A sentence for each thing that whoever listed the clips may not have meant.

    Raises `Problem` for a clip that cannot be read, or has no such channel as the recipe hears.
    """
    several = _of_several_channels(recipe, clips)
    if several:
        yield f"{several} of {len(clips)} clips have several channels: channel {recipe.data.channel} is heard (data.channel)"
    nameless = sum(not clip.names_its_speaker for clip in clips)
    if nameless:
        yield (
            f"nobody says who speaks in {nameless} of {len(clips)} clips: each counts as a talker of its own, so that who is held out may be heard "
            "in training, and no baseline is learnt; name speakers in the list, or give data.speaker_pattern"
        )
    for part, missed in (("train", "learnt"), ("dev", "judged")):
        labels = {clip.label for clip in splits.parts(recipe.data, clips) if clip.split == part}
        for name in recipe.classes:
            if name not in labels:
                yield f"no {part} clip is {name}, so that it is not {missed}; another data.split, data.dev_share or seed may give some"


def summary(recipe: Recipe, clips: Sequence[Clip], silent: int) -> str:
    """One line: clips, talkers, classes, who is held out, and in how many clips the detector found no speech (`silent`)."""
    held = [clip for clip in splits.parts(recipe.data, clips) if clip.split == "dev"]
    counts = Counter(clip.label for clip in clips)
    classes = ", ".join(f"{name} {counts[name]}" for name in recipe.classes)
    fold = f" in fold {recipe.data.fold}" if recipe.data.is_folded else ""
    speech = f"no speech found in {silent}" if silent else "speech found in all"
    return f"{heard('', clips)}: {classes}; {heard('', held)} held out{fold}; {speech}"


def heard(kind: str, clips: Sequence[Clip]) -> str:
    """How many clips of a kind, and of how many talkers they are."""
    known = all(clip.names_its_speaker for clip in clips)
    talkers = len({clip.speaker for clip in clips})
    whose = f"{talkers} {'talker' if talkers == 1 else 'talkers'}" if known else "talkers whom nobody named"
    return f"{len(clips)} {f'{kind} ' if kind else ''}{'clip' if len(clips) == 1 else 'clips'} of {whose}"


def _of_several_channels(recipe: Recipe, clips: Sequence[Clip]) -> int:
    """How many clips have more than one channel."""
    counts = [sound.channels(clip.path) for clip in clips]
    for clip, count in zip(clips, counts, strict=True):
        if recipe.data.channel >= count:
            raise Problem(
                f"{clip.path} has {count} channel(s) and data.channel is {recipe.data.channel}: set it to one that every clip has, counted from 0"
            )
    return sum(count > 1 for count in counts)
