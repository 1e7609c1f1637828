"""From clips to features: augmented versions through the device's own front end.

A prepared folder holds `clips.tsv`, `prepared.json` (what it was made with), `train-00.safetensors` … with one
version of every training clip each (00 is the clean one), and `dev.safetensors`, `dev_gain-12dB.safetensors` …
with the dev clips. Where a recipe has folds or copies, all these hold every clip, and 00 stands for `dev.safetensors`. Versions are made one after the other and sound is deleted when its features exist, so the
scratch space needed is that of one version and of the decoded clips; what exists already is not made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from edged_train import account, augment, corpus, features, noise, sound, text
from edged_train.alone import alone
from edged_train.augment import Version
from edged_train.clip import Clip
from edged_train.problem import Problem
from edged_train.recipe import Augmentation, Data, FrontEnd, Recipe
from edged_train.sound import Samples
from edged_train.workers import workers

DECODED = ".decoded-"
"""What folders of clips that have been decoded begin with."""


@dataclass(frozen=True)
class Work:
    """One sound file to make."""

    clip: Clip
    version: Version
    seed: tuple[int, ...]
    rate: int
    channel: int
    """Of every clip."""
    decoded: Path
    """Where the clip's samples are kept for its next version."""
    target: Path
    babble: tuple[tuple[Clip, Path], ...] = ()
    """The clips that talk in the background, and where their samples are kept."""
    recordings: tuple[Path, ...] = ()
    """Of noise."""


def dev_name(gain_db: float, with_all: bool = False) -> str:
    """The features file of the dev clips at a microphone gain."""
    if with_all and gain_db == 0:
        return train_name(0)
    return "dev.safetensors" if gain_db == 0 else f"dev_gain{gain_db:+g}dB.safetensors"


def train_name(version: int) -> str:
    """The features file of one version of the training clips."""
    return f"train-{version:02}.safetensors"


def stored_clips(recipe: Recipe, clips: Sequence[Clip], part: str) -> list[Clip]:
    """The clips of which the features files of a part, `train` or `dev`, hold something, in their order."""
    return list(clips) if recipe.data.stores_all else [clip for clip in clips if clip.split == part]


def prepare(
    recipe: Recipe,
    places: Path | Mapping[str, Path],
    output: Path,
    edgectl: str,
    jobs: int,
    noise_at: Path | None = None,
    detector: Path | None = None,
) -> None:
    """Makes a prepared folder, or completes one that an interruption left.

    `noise_at` is a folder of recorded noise; `detector` is the file of the network that cuts speech, without which the energy
    detector does. Raises `Problem` if `output` was prepared for other clips, another front end, other augmentation or by
    another detector, if another process prepares it, or if the recipe wants noise, or a channel, that is not there.
    """
    if recipe.augmentation.recorded_share > 0 and noise_at is None:
        raise Problem("the recipe's augmentation.recorded_share asks for recorded noise; give --noise FOLDER")
    recordings = noise.recordings(noise_at) if noise_at else ()
    clips = corpus.list_clips(recipe, places)
    for sentence in account.oddities(recipe, clips):
        print(sentence, file=sys.stderr)
    with alone(output):
        _claim(_description(recipe) | _draws(recipe, detector), recipe, clips, output)
        _clear(output)
        _make(recipe, clips, output, edgectl, jobs, recordings, detector)
    names = {train_name(0), dev_name(0, recipe.data.stores_all)}
    silent = sum(features.silent_clips(output / name) for name in names)
    print(account.summary(recipe, clips, silent), file=sys.stderr)


def _clear(output: Path) -> None:
    """Takes away the sound that an interruption left."""
    for kind in (f"{DECODED}*", ".train-[0-9]*-*", ".dev-*", ".dev_gain*-*"):
        for path in output.glob(kind):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)


def _make(
    recipe: Recipe,
    clips: Sequence[Clip],
    output: Path,
    edgectl: str,
    jobs: int,
    recordings: tuple[Path, ...],
    detector: Path | None,
) -> None:
    train, dev = stored_clips(recipe, clips, "train"), stored_clips(recipe, clips, "dev")
    with (
        tempfile.TemporaryDirectory(dir=output, prefix=DECODED) as decoded,
        workers(jobs) as pool,
    ):
        maker = Maker(recipe, edgectl, jobs, pool, Path(decoded), recordings, detector)
        for index in range(recipe.augmentation.versions):
            seeds, versions = _versions(recipe, train, recipe.seed, index)
            maker.make(train, versions, seeds, output / train_name(index))
        for gain in (0.0, *recipe.evaluation.gains_db):
            if recipe.data.stores_all and gain == 0:
                continue
            seeds = [(recipe.seed, 0, number) for number in range(len(dev))]
            maker.make(dev, [Version(gain_db=gain)] * len(dev), seeds, output / dev_name(gain))


def telephones(recipe: Recipe, folder: Path, clips: Sequence[Clip]) -> NDArray[np.bool_]:
    """Which version of which of the stored training clips was heard over a telephone [version, clip]."""
    seed = _found(folder).get("seed")
    if not isinstance(seed, int):
        raise Problem(
            f"{folder / 'prepared.json'} does not say with which seed it was prepared: prepare another folder"
        )
    made = [_versions(recipe, clips, seed, index)[1] for index in range(recipe.augmentation.versions)]
    return np.array([[version.telephone for version in versions] for versions in made])


def _versions(
    recipe: Recipe, clips: Sequence[Clip], seed: int, index: int
) -> tuple[list[tuple[int, int, int]], list[Version]]:
    """The seed of each clip's version of number `index`, and what the version makes of it."""
    seeds = [(seed, index, number) for number in range(len(clips))]
    if index == 0:
        return seeds, [Version()] * len(clips)
    augmentation = recipe.augmentation
    degraded = index >= augmentation.versions - augmentation.degraded
    # A talker's own seed is that of his first clip, and 2.
    first = {clip.speaker: of for clip, of in zip(reversed(clips), reversed(seeds), strict=True)}
    return seeds, [
        augment.draw(
            augmentation,
            np.random.default_rng(of),
            degraded,
            np.random.default_rng((*first[clip.speaker], 2)) if augmentation.by_talker else None,
        )
        for clip, of in zip(clips, seeds, strict=True)
    ]


def check(recipe: Recipe, folder: Path, *, augmented: bool) -> None:
    """Raises `Problem` unless `folder` was prepared for this recipe's data, front end and, where `augmented`, augmentation.

    Of whatever seed, and cut by whatever detector. Dev clips are heard as they are, whatever training heard.
    """
    wanted = _description(recipe)
    _compare(wanted if augmented else {key: wanted[key] for key in ("data", "front_end")}, recipe, folder)


def _found(folder: Path) -> dict[str, Any]:
    """What a folder says that it was prepared with."""
    path = folder / "prepared.json"
    try:
        return text.json_object(path)
    except OSError as error:
        raise Problem(f"{folder} is not a prepared folder: run edged-train prepare first") from error
    except ValueError as error:
        raise Problem(f"{path} is damaged: prepare another folder") from error


def _compare(wanted: dict[str, Any], recipe: Recipe, folder: Path) -> None:
    completed = _completed(_found(folder), recipe)
    differing = []
    for key, value in wanted.items():
        if isinstance(value, dict):
            differing += [f"{key}.{part}" for part in value if completed[key].get(part) != value[part]]
        elif completed.get(key) != value:
            differing.append(key)
    if differing:
        raise Problem(f"{folder} was prepared with another {' and '.join(differing)}; prepare another folder")


def _description(recipe: Recipe) -> dict[str, Any]:
    stored = asdict(recipe.augmentation)
    keys = ["versions", "speed", "warp", "noise_share", "noise_snr_db", "stored_gain_db", "degraded"]
    keys += ["stretch", "semitones", "shift_ms", "room_share", "rt60_s", "recorded_share", "made_share", "by_talker"]
    keys += ["loud_share", "loud_db"]
    if recipe.augmentation.degraded:
        keys += ["telephone_share", "telephone_noise_share", "babble_share", "degraded_snr_db"]
    data = asdict(recipe.data)
    for key in ("fold", "held_out"):  # one preparation serves all
        del data[key]
    for key in ("title", "licence", "attribution", "languages"):  # words for the card
        del data[key]
    described = {
        "data": data,
        "front_end": asdict(recipe.front_end),
        "augmentation": {key: stored[key] for key in keys},
    }
    # Through JSON and back, so that a tuple compares equal to the list it was written as.
    normalized: dict[str, Any] = json.loads(json.dumps(described))
    return normalized


def _draws(recipe: Recipe, detector: Path | None) -> dict[str, Any]:
    """What a folder's files must have in common, though a recipe need not know it."""
    try:
        digest = hashlib.sha256(detector.read_bytes()).hexdigest() if detector else None
    except OSError as error:
        raise Problem(f"cannot read the detector {detector}: {error.strerror}") from error
    return {"seed": recipe.seed, "detector": digest}


def _completed(found: dict[str, Any], recipe: Recipe) -> dict[str, Any]:
    """What a folder was prepared with, where keys that are younger than it have their defaults."""
    data = found.get("data", {})
    if isinstance(data.get("corpus"), str):
        data["corpus"] = [data["corpus"]]
    data_defaults = Data(corpus=())
    young = {"data": asdict(data_defaults), "front_end": asdict(FrontEnd()), "augmentation": asdict(Augmentation())}
    wanted = _description(recipe)
    completed = dict(found)
    for section, defaults in young.items():
        section_defaults = {key: defaults[key] for key in wanted[section]}
        stored = {key: value for key, value in found.get(section, {}).items() if key in section_defaults}
        completed[section] = json.loads(json.dumps(section_defaults)) | stored
    return completed


def _claim(description: dict[str, Any], recipe: Recipe, clips: Sequence[Clip], output: Path) -> None:
    listed = output / "clips.tsv"
    # Where there are no features, what the folder was to be prepared for does not bind.
    if (output / "prepared.json").exists() and any(path.suffix == ".safetensors" for path in output.iterdir()):
        _compare(description, recipe, output)
        if corpus.read(listed) != list(clips):
            raise Problem(f"{output} was prepared from other clips; prepare another folder")
        return
    corpus.write(clips, listed)
    (output / "prepared.json").write_text(json.dumps(description, indent=1), encoding="utf-8")


@dataclass(frozen=True)
class Maker:
    """Makes features files, sound first."""

    recipe: Recipe
    edgectl: str
    jobs: int
    pool: ProcessPoolExecutor
    decoded: Path
    """Folder of the clips that have been decoded: Opus takes longer than all the rest."""
    recordings: tuple[Path, ...] = ()
    """Of noise."""
    detector: Path | None = None

    def make(
        self, clips: Sequence[Clip], versions: Sequence[Version], seeds: Sequence[tuple[int, ...]], target: Path
    ) -> None:
        """Makes the features of one version of each clip, unless they are there."""
        if target.exists():
            return
        front_end = self.recipe.front_end
        # Where this is interrupted, workers write on for a moment; what stays goes when the folder is completed.
        with tempfile.TemporaryDirectory(
            dir=target.parent, prefix=f".{target.stem}-", ignore_cleanup_errors=True
        ) as scratch:
            works = [
                Work(
                    clip,
                    version,
                    seed,
                    front_end.sample_rate,
                    self.recipe.data.channel,
                    self._decoded(clip, number),
                    Path(scratch) / f"{number:06}.wav",
                    self._babble(clips, clip, version, seed),
                    self.recordings,
                )
                for number, (clip, version, seed) in enumerate(zip(clips, versions, seeds, strict=True))
            ]
            made = self.pool.map(_write, works, chunksize=16)
            for _ in tqdm(made, total=len(works), desc=f"sound for {target.stem}", leave=False, disable=None):
                pass
            partial = Path(scratch) / "features.safetensors"
            paths, warps = [work.target for work in works], [version.warp for version in versions]
            features.compute(self.edgectl, front_end, paths, warps, partial, self.jobs, self.detector)
            count = features.load(partial).clip_count
            if count != len(works):
                raise Problem(f"{self.edgectl} gave features of {count} clips where {len(works)} were listed")
            partial.replace(target)

    def _decoded(self, clip: Clip, number: int) -> Path:
        return self.decoded / f"{clip.split}-{number:06}.npy"

    def _babble(
        self, clips: Sequence[Clip], clip: Clip, version: Version, seed: tuple[int, ...]
    ) -> tuple[tuple[Clip, Path], ...]:
        """Other clips at random, the same whenever the version is made."""
        if not version.talkers:
            return ()
        # Of the same part or fold, so that who is held out is not even heard in the background; but for `data.held_out`, which is
        # not known here.
        numbers = [number for number, other in enumerate(clips) if other.split == clip.split]
        chosen = np.random.default_rng((*seed, 1)).integers(0, len(numbers), version.talkers).tolist()
        return tuple((clips[numbers[at]], self._decoded(clips[numbers[at]], numbers[at])) for at in chosen)


def _write(work: Work) -> None:
    random = np.random.default_rng(work.seed)
    samples = _samples(work.clip, work.decoded, work)
    others = [_samples(clip, decoded, work) for clip, decoded in work.babble]
    made = augment.apply(work.version, samples, work.rate, random, others, work.recordings)
    sound.write(made, work.target, work.rate)


def _samples(clip: Clip, decoded: Path, work: Work) -> Samples:
    """A clip's samples as `work` wants them, decoded once."""
    if decoded.exists():
        samples: Samples = np.load(decoded)
        return samples
    samples = sound.read(clip.path, work.rate, work.channel)
    # Another process may be about to do the same: whoever reads must find all of it.
    partial = decoded.with_name(f"{decoded.stem}.{os.getpid()}.npy")
    np.save(partial, samples)
    partial.replace(decoded)
    return samples
