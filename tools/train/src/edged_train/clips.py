"""Prepared features in memory: frames, segments and segment means of every version of every clip."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from edged_train import corpus, prepare, splits
from edged_train.clip import Clip
from edged_train.features import Features, clip_lengths, load
from edged_train.problem import Problem
from edged_train.recipe import Recipe


@dataclass(frozen=True)
class Segment:
    """A segment that the detector opened in a clip, and the speech in it; frames counted from the clip's first."""

    start: int
    end: int
    speech_start: int
    speech_end: int
    speech_frames: int
    """Frames that the detector took for speech, pauses excluded."""


@dataclass(frozen=True)
class Version:
    """One version of all clips of one part of the split."""

    first_frame: NDArray[np.int64]
    """Index of each clip's first frame in the shared tensor."""
    lengths: NDArray[np.int64]
    segments: list[list[Segment]]
    """The segments of each clip, in order; a clip may have none."""
    segment_means: list[NDArray[np.float32]]
    """For each clip: mean raw vector over the speech frames of each segment, [segments, values]."""

    def clip_mean(self, clip: int, absent: NDArray[np.float32]) -> NDArray[np.float32]:
        """Mean over all speech of a clip, segments weighted by their speech frames; `absent` if there is none."""
        if not self.segments[clip]:
            return absent
        frames = [segment.speech_frames for segment in self.segments[clip]]
        return np.asarray(np.average(self.segment_means[clip], axis=0, weights=frames), dtype=np.float32)


@dataclass(frozen=True)
class ClipSet:
    """One part of the split: its clips and all their versions over one tensor of frames."""

    clips: list[Clip]
    labels: NDArray[np.int64]
    frames: torch.Tensor
    """Raw vectors less `centre`, float16 [frames, values]: within ±4 of the mean exact to 0.004."""
    centre: NDArray[np.float32]
    versions: list[Version]
    copies_only: frozenset[int] = frozenset()
    """Held-out clips whose augmented copies training may use (`data.copies`), but not their clean version."""
    telephones: NDArray[np.bool_] | None = None
    """Whether each version of each clip was heard over a telephone [version, clip]; only for `telephones_drawn`."""

    def speakers(self) -> dict[str, NDArray[np.int64]]:
        """The indices of each speaker's clips."""
        names = np.array([clip.speaker for clip in self.clips])
        return {name: np.flatnonzero(names == name) for name in sorted(set(names.tolist()))}


def corpus_mean(features: Features, count: int) -> NDArray[np.float32]:
    """g: the mean over segments of each one's mean over its speech frames."""
    means = np.concatenate(_index(features, count, 0).segment_means)
    return np.asarray(means.mean(axis=0, dtype=np.float64), dtype=np.float32)


def load_train(recipe: Recipe, folder: Path) -> ClipSet:
    """All versions of the training clips, less their corpus mean."""
    names = [prepare.train_name(index) for index in range(recipe.augmentation.versions)]
    return _load(recipe, folder, "train", names, None)


def load_dev(recipe: Recipe, folder: Path, gain_db: float, centre: NDArray[np.float32]) -> ClipSet:
    """The dev clips at a microphone gain, less the training clips' corpus mean."""
    return _load(
        recipe, folder, "dev", [prepare.dev_name(gain_db, recipe.data.stores_all or bool(recipe.data.held_out))], centre
    )


def _load(recipe: Recipe, folder: Path, split: str, names: list[str], centre: NDArray[np.float32] | None) -> ClipSet:
    prepare.check(recipe, folder, augmented=split == "train")
    every = corpus.read(folder / "clips.tsv")
    labelled = {clip.label for clip in every}
    strange = sorted(labelled - set(recipe.classes))
    if strange:
        raise Problem(
            f"{folder} holds clips of {', '.join(strange)}, which is not among the recipe's classes {', '.join(recipe.classes)}; "
            "prepare another folder with this recipe, or give it the classes that this one was prepared with"
        )
    absent = [name for name in recipe.classes if name not in labelled]
    if absent and split == "train":
        raise Problem(
            f"{folder} holds no clip that is {' or '.join(absent)}; take what has no clips out of the recipe's classes"
        )
    parts = dict(zip(every, splits.parts(recipe.data, every), strict=True))
    # Speakers held out by name were prepared as training speakers.
    stored = [parts[clip] for clip in prepare.stored_clips(recipe, every, "train" if recipe.data.held_out else split)]
    copied = recipe.data.copies and split == "train"
    wanted = np.array([index for index, clip in enumerate(stored) if copied or clip.split == split])
    clips = [stored[index] for index in wanted.tolist()]
    missing = [name for name in names if not (folder / name).exists()]
    if missing:
        raise Problem(f"{folder} lacks {missing[0]}: run `edged-train prepare` on it with this recipe, to its end")
    count = recipe.front_end.values
    lengths = [clip_lengths(folder / name) for name in names]
    for name, of_each in zip(names, lengths, strict=True):
        if len(of_each) != len(stored):
            raise Problem(f"{folder / name} holds {len(of_each)} clips where {len(stored)} are listed")
        for clip, length in zip(stored, of_each.tolist(), strict=True):
            if not length:
                raise Problem(
                    f"{folder / name} holds no frame of {clip.path}: leave so short a clip out, and prepare another folder"
                )
    # Allocated at once: concatenating the parts would need twice the memory.
    frames = torch.empty((sum(int(of_each[wanted].sum()) for of_each in lengths), count), dtype=torch.float16)
    versions: list[Version] = []
    first = 0
    for name in names:
        features = load(folder / name)
        if len(wanted) < len(stored):
            features = features.of(wanted)
        if not versions and not len(features.segments):
            raise Problem(f"{folder / name}: the detector opened no segment in the {split} clips; are they silent?")
        if centre is None:
            centre = corpus_mean(features, count)
        versions.append(_index(features, count, first))
        after = first + len(features.raw)
        frames[first:after] = torch.from_numpy(features.values(count) - centre)
        first = after
    assert centre is not None
    labels = np.array([recipe.classes.index(clip.label) for clip in clips])
    held = frozenset(index for index, clip in enumerate(clips) if clip.split != split)
    telephones = None
    if split == "train" and recipe.augmentation.telephones_drawn >= 0:
        telephones = prepare.telephones(recipe, folder, stored)[:, wanted]
    return ClipSet(clips, labels, frames, centre, versions, held, telephones)


def _index(features: Features, count: int, first: int) -> Version:
    means, speech_frames = features.speech_means(count)
    clip_count = features.clip_count
    segments: list[list[Segment]] = [[] for _ in range(clip_count)]
    rows: list[list[int]] = [[] for _ in range(clip_count)]
    fields = zip(features.segments.tolist(), features.speech.tolist(), speech_frames.tolist(), strict=True)
    for row, ((clip, start, end), speech, spoken) in enumerate(fields):
        speech_start, speech_end = speech
        segments[clip].append(Segment(start, end, speech_start, speech_end, spoken))
        rows[clip].append(row)
    return Version(features.offsets[:-1] + first, np.diff(features.offsets), segments, [means[row] for row in rows])
