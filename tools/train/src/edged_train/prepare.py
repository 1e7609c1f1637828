"""From clips to features: augmented versions through the device's own front end.

A prepared folder holds `clips.tsv`, `prepared.json` (what it was made with), `train-00.safetensors` … with one
version of every training clip each (00 is the clean one), and `dev.safetensors`, `dev_gain-12dB.safetensors` …
with the dev clips. If a recipe has folds or copies, all these hold every clip, and 00 replaces `dev.safetensors`. `doubtful.tsv`
lists clips without speech, and those that are cut off. Versions are made one at a time, and sound is deleted once its features
exist, so the scratch space needed is that of one version and of the decoded clips. Existing features are not recomputed.
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
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from edged_train import account, augment, corpus, features, noise, sound, stray, text, writing
from edged_train.alone import alone
from edged_train.augment import Version
from edged_train.clip import Clip
from edged_train.problem import Problem
from edged_train.recipe import Augmentation, Data, FrontEnd, Recipe
from edged_train.sound import Samples
from edged_train.workers import workers

DECODED = ".decoded-"
"""Name prefix of folders of decoded clips."""


DOUBTFUL = "doubtful.tsv"
"""The list of clips without speech, or of which a part is missing."""


@dataclass(frozen=True)
class Work:
    """One sound file to make."""

    clip: Clip
    version: Version
    seed: tuple[int, ...]
    rate: int
    channel: int
    """The channel read of every clip."""
    decoded: Path
    """Where the clip's decoded samples are cached for its next version."""
    target: Path
    babble: tuple[tuple[Clip, Path], ...] = ()
    """The clips that make up the babble, and where their samples are cached."""
    recordings: tuple[Path, ...] = ()
    """Noise recordings."""


def dev_name(gain_db: float, with_all: bool = False) -> str:
    """The features file of the dev clips at a microphone gain."""
    if with_all and gain_db == 0:
        return train_name(0)
    return "dev.safetensors" if gain_db == 0 else f"dev_gain{gain_db:+g}dB.safetensors"


def train_name(version: int) -> str:
    """The features file of one version of the training clips."""
    return f"train-{version:02}.safetensors"


def stored_clips(recipe: Recipe, clips: Sequence[Clip], part: str) -> list[Clip]:
    """The clips in the features files of a part, `train` or `dev`, in their order."""
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
    """Makes a prepared folder, or completes an interrupted one.

    `noise_at` is a folder of recorded noise. `detector` is the file of the network that segments speech; without it the energy
    detector does. Raises `Problem` if `output` was prepared with other clips or recordings, front end, augmentation or detector, if another
    process is preparing it, or if the recipe needs noise or a channel that is missing.
    """
    if recipe.augmentation.recorded_share > 0 and noise_at is None:
        raise Problem("the recipe's augmentation.recorded_share asks for recorded noise; give --noise FOLDER")
    recordings = noise.recordings(noise_at) if noise_at else ()
    clips = corpus.list_clips(recipe, places)
    ignored = stray.told(stray.folders(recipe, places))
    if ignored:
        print(
            f"no class of the recipe, and left out: {ignored}; data.rename gives such a label a class, data.drop says that it is meant",
            file=sys.stderr,
        )
    for sentence in account.oddities(recipe, clips):
        print(sentence, file=sys.stderr)
    reading = tqdm(clips, desc="reading", leave=False, disable=None)
    clips = [replace(clip, digest=sound.digest(clip.path)) for clip in reading]
    with alone(output):
        _claim(_description(recipe) | _draws(recipe, detector), recipe, clips, output)
        _clear(output)
        _make(recipe, clips, output, edgectl, jobs, recordings, detector)
        silent = _silent(recipe, clips, output)
        _write_doubtful(clips, silent, output / DOUBTFUL)
    print(account.summary(recipe, clips, silent, output / DOUBTFUL), file=sys.stderr)


def _silent(recipe: Recipe, clips: Sequence[Clip], output: Path) -> list[Clip]:
    """The clips in which the detector found no speech."""
    # With folds or copies, both names are those of one file.
    stored = {
        train_name(0): stored_clips(recipe, clips, "train"),
        dev_name(0, recipe.data.stores_all): stored_clips(recipe, clips, "dev"),
    }
    return [listed[index] for name, listed in stored.items() for index in features.silent_clips(output / name)]


def _write_doubtful(clips: Sequence[Clip], silent: Sequence[Clip], path: Path) -> None:
    """Lists the clips that are worth a look, each with the reason; without any there is no list."""
    rows = [f"{clip.path}\tno speech found\n" for clip in silent]
    rows += [f"{clip.path}\tcut off: {why}\n" for clip in clips if (why := account.cut_off(clip))]
    if rows:
        writing.write(path, "".join(["path\twhy\n", *rows]).encode())
    else:
        path.unlink(missing_ok=True)


def _clear(output: Path) -> None:
    """Deletes the sound that an interrupted run left behind."""
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
    """Whether each version of each stored training clip was heard over a telephone [version, clip]."""
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
    """Each clip's seed and parameters for version number `index`."""
    seeds = [(seed, index, number) for number in range(len(clips))]
    if index == 0:
        return seeds, [Version()] * len(clips)
    augmentation = recipe.augmentation
    degraded = index >= augmentation.versions - augmentation.degraded
    # A talker's seed is that of the talker's first clip, with a 2 appended.
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
    """Raises `Problem` unless `folder` was prepared for this recipe's data, front end and, if `augmented`, augmentation.

    Seed and detector may differ. Dev clips need no matching augmentation, since they are not augmented.
    """
    wanted = _description(recipe)
    _compare(wanted if augmented else {key: wanted[key] for key in ("data", "front_end")}, recipe, folder)


def _found(folder: Path) -> dict[str, Any]:
    """The contents of a folder's `prepared.json`."""
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
    # Round-tripped through JSON, so that tuples compare equal to the lists they are stored as.
    normalized: dict[str, Any] = json.loads(json.dumps(described))
    return normalized


def _draws(recipe: Recipe, detector: Path | None) -> dict[str, Any]:
    """What all files of a folder must have in common, though recipes that use it may differ in it."""
    try:
        digest = hashlib.sha256(detector.read_bytes()).hexdigest() if detector else None
    except OSError as error:
        raise Problem(f"cannot read the detector {detector}: {error.strerror}") from error
    return {"seed": recipe.seed, "detector": digest}


def _completed(found: dict[str, Any], recipe: Recipe) -> dict[str, Any]:
    """What a folder was prepared with; keys added since then get their defaults."""
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
    # Without features, an earlier description does not bind.
    if (output / "prepared.json").exists() and any(path.suffix == ".safetensors" for path in output.iterdir()):
        _compare(description, recipe, output)
        earlier = corpus.read(listed)
        if earlier != list(clips):
            raise Problem(f"{output} was prepared from other clips; prepare another folder")
        for before, now in zip(earlier, clips, strict=True):
            # Folders that were prepared before digests were stored have none.
            if before.digest and before.digest != now.digest:
                raise Problem(
                    f"{now.path} is another recording than the one that {output} was prepared from; prepare another folder"
                )
        return
    corpus.write(clips, listed)
    writing.write(output / "prepared.json", json.dumps(description, indent=1).encode())


@dataclass(frozen=True)
class Maker:
    """Makes features files, by way of sound files."""

    recipe: Recipe
    edgectl: str
    jobs: int
    pool: ProcessPoolExecutor
    decoded: Path
    """Cache folder of decoded clips: decoding Opus takes longer than all the rest."""
    recordings: tuple[Path, ...] = ()
    """Noise recordings."""
    detector: Path | None = None

    def make(
        self, clips: Sequence[Clip], versions: Sequence[Version], seeds: Sequence[tuple[int, ...]], target: Path
    ) -> None:
        """Makes the features of one version of each clip, unless `target` exists."""
        if target.exists():
            return
        front_end = self.recipe.front_end
        # When interrupted, workers keep writing for a moment; leftovers are deleted when the folder is completed.
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
        """Other clips at random; a version always gets the same ones."""
        if not version.talkers:
            return ()
        # Drawn from the same part or fold, so that held-out speakers are not heard even in the background; except for
        # `data.held_out`, which is not known here.
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
    """A clip's samples at the rate and channel of `work`, decoded once."""
    if decoded.exists():
        samples: Samples = np.load(decoded)
        return samples
    samples = sound.read(clip.path, work.rate, work.channel)
    # Another process may be decoding the same clip: replaced atomically, so that no reader gets a partial file.
    partial = decoded.with_name(f"{decoded.stem}.{os.getpid()}.npy")
    content = writing.made(lambda file: np.save(file, samples))
    with writing.attempt(decoded):
        partial.write_bytes(content)
        partial.replace(decoded)
    return samples
