"""What `prepare` and `train` report about the clips: counts, speakers, classes, and anything that looks wrong."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from edged_train import sound, splits, wave_length
from edged_train.clip import Clip
from edged_train.problem import Problem
from edged_train.recipe import Recipe
from edged_train.sound import Extent


def oddities(recipe: Recipe, clips: Sequence[Clip]) -> Iterator[str]:
    """Yields a sentence for each property of the clip list that is probably a mistake.

    Raises `Problem` for a clip that cannot be read, lacks the recipe's channel, or gives no frame.
    """
    extents = [sound.extent(clip.path) for clip in clips]
    for clip, extent in zip(clips, extents, strict=True):
        _check(recipe, clip, extent)
    cut = [f"{clip.name} ({why})" for clip in clips if (why := cut_off(clip))]
    if cut:
        yield f"cut off, and used as far as they go: {some(cut)}; copy them again, or take them out of the corpus"
    several = sum(extent.channels > 1 for extent in extents)
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


def cut_off(clip: Clip) -> str:
    """How far a recording is cut off; nothing of one that is whole."""
    found = wave_length.length(Path(clip.path))
    if not found or not found.is_cut_off:
        return ""
    return f"its header promises {found.promised:.2f} s and it has {found.present:.2f}"


def summary(recipe: Recipe, clips: Sequence[Clip], silent: Sequence[Clip], listed: Path) -> str:
    """One line: clips, talkers, classes, the held-out part, and in which clips the detector found no speech.

    `listed` is the file that names all of the `silent` ones.
    """
    held = [clip for clip in splits.parts(recipe.data, clips) if clip.split == "dev"]
    counts = Counter(clip.label for clip in clips)
    classes = ", ".join(f"{name} {counts[name]}" for name in recipe.classes)
    fold = f" in fold {recipe.data.fold}" if recipe.data.is_folded else ""
    speech = "speech found in all"
    if silent:
        speech = f"no speech found in {len(silent)} ({some([clip.name for clip in silent])}: see {listed})"
    return f"{heard('', clips)}: {classes}; {heard('', held)} held out{fold}; {speech}"


NAMED = 5
"""How many names a sentence lists."""


def some(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


ENOUGH_STEPS = 500
"""Steps after which a network from scratch has learnt something of most lists. Of three emotions it named 56 % after 48 steps on 105 clips
and 80 % after 160; of another list 51 % after 160 and 83 % after 1200. It is not the average of the weights that takes so long:
while steps are few it remembers only the last tenth of them."""

EVALUATIONS = 30
"""How many of them a longer training should have, so that it does not stop early after a few steps without a new best."""


def haste(recipe: Recipe, batches: int) -> str:
    """What to set if epochs of so many `batches` end before a network from scratch has learnt much; otherwise nothing."""
    settings = recipe.training
    steps = settings.epochs * batches
    if steps >= ENOUGH_STEPS:
        return ""
    epochs = math.ceil(ENOUGH_STEPS / batches)
    every = max(settings.evaluate_every, epochs // EVALUATIONS)
    return (
        f"{steps} steps ({settings.epochs} epochs of {batches}) may teach a network little that begins from scratch: take {ENOUGH_STEPS} or more, with "
        f"--set training.epochs={epochs} --set training.evaluate_every={every}, or begin with a trained one (--from)"
    )


def heard(kind: str, clips: Sequence[Clip]) -> str:
    """How many clips of a kind there are, and from how many talkers."""
    known = all(clip.names_its_speaker for clip in clips)
    talkers = len({clip.speaker for clip in clips})
    whose = f"{talkers} {'talker' if talkers == 1 else 'talkers'}" if known else "talkers whom nobody named"
    return f"{len(clips)} {f'{kind} ' if kind else ''}{'clip' if len(clips) == 1 else 'clips'} of {whose}"


def _check(recipe: Recipe, clip: Clip, extent: Extent) -> None:
    """Raises `Problem` unless a clip has the recipe's channel and gives at least one frame at the fastest playback."""
    front_end, augmentation = recipe.front_end, recipe.augmentation
    if recipe.data.channel >= extent.channels:
        raise Problem(
            f"{clip.path} has {extent.channels} channel(s) and data.channel is {recipe.data.channel}: set it to one that every clip has, counted from 0"
        )
    fastest = max(1.0, augmentation.speed[1]) * max(1.0, augmentation.stretch[1]) if augmentation.versions > 1 else 1.0
    needed = math.ceil(front_end.frame * fastest)
    if extent.samples * front_end.sample_rate // extent.rate < needed:
        _check_stream(clip, needed / front_end.sample_rate)
        raise Problem(
            f"{clip.path} lasts {1000 * extent.samples / extent.rate:.1f} ms, and it takes {1000 * needed / front_end.sample_rate:.1f} ms to make one frame at "
            f"the fastest that the recipe plays it: take it out of the corpus, or put its name, {clip.name}, into data.skip"
        )


def _check_stream(clip: Clip, seconds: float) -> None:
    """Raises `Problem` for a recording that says it is empty, with at least `seconds` of sound behind its header."""
    found = wave_length.length(Path(clip.path))
    if found and not found.promised and found.present >= seconds:
        raise Problem(
            f"{clip.path} says that it is empty, and {found.present:.2f} s follow, as in one that was written into a pipe: "
            "write it anew with its length, with “sox --ignore-length OLD.wav NEW.wav”"
        )
