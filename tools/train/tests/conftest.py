"""A small world for the tests: six talkers, two emotions, features that tell them apart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from edged_train import corpus, prepare, recipe
from edged_train.corpus import Clip
from edged_train.recipe import Recipe

BANDS = 8


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> None:
    torch.set_num_threads(1)


def small_recipe(**changes: Any) -> Recipe:
    """A recipe that trains in a second; `changes` are keys of its sections, e.g. `training={"epochs": 1}`."""
    document: dict[str, Any] = {
        "name": "small",
        "classes": ["angry", "sad"],
        "data": {"corpus": "manifest"},
        "front_end": {"bands": BANDS, "coefficients": BANDS},
        "augmentation": {"versions": 2, "frequency_mask_coefficients": 2},
        "network": {"channels": 8, "hidden": 8, "head": 8, "dilations": [1, 2]},
        "training": {"epochs": 4, "batch": 8, "learning_rate": 0.01, "average": 0.9, "evaluate_every": 1},
        "evaluation": {"orders": 1},
    }
    for section, keys in changes.items():
        document[section] = document.get(section, {}) | keys if isinstance(keys, dict) else keys
    return recipe.from_document(document, "test")


def write_features(path: Path, clips: list[list[np.ndarray]], pauses: int = 60) -> None:
    """A features file whose clips are lists of speech stretches [frames, bands] amid silence of `pauses` frames."""
    raw, offsets, segments, speech, means, counts = [], [0], [], [], [], []
    for index, stretches in enumerate(clips):
        frames = [np.zeros((pauses, BANDS))]
        for stretch in stretches:
            start = sum(map(len, frames))
            end = start + len(stretch)
            frames += [stretch, np.zeros((pauses, BANDS))]
            segments.append((index, start - 20, end + 30))
            speech.append((start, end))
            means.append(stretch.mean(0))
            counts.append(len(stretch))
        rows = np.concatenate(frames)
        raw.append(np.concatenate([rows, rows.mean(1, keepdims=True)], axis=1))
        offsets.append(offsets[-1] + len(rows))
    width = BANDS + 1
    levels = np.array(means).reshape(-1, BANDS).mean(1, keepdims=True)
    save_file(
        {
            "raw": np.rint(np.concatenate(raw) * 65536).astype(np.int32),
            "offsets": np.array(offsets, np.int64),
            "segments": np.array(segments, np.int64).reshape(-1, 3),
            "speech": np.array(speech, np.int64).reshape(-1, 2),
            "means": np.rint(np.hstack([np.array(means).reshape(-1, BANDS), levels]) * 65536)
            .astype(np.int32)
            .reshape(-1, width),
            "speech_frames": np.array(counts, np.int64),
        },
        path,
    )


def speech(random: np.random.Generator, label: str, voice: np.ndarray, frames: int = 60) -> np.ndarray:
    """A stretch whose emotion tilts the spectrum and whose talker colours it."""
    tilt = np.linspace(-1, 1, BANDS) * (1 if label == "angry" else -1)
    return np.asarray(10 + voice + tilt + random.normal(0, 0.5, (frames, BANDS)))


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """A prepared folder for `small_recipe()`: four talkers to train on, two others to judge."""
    folder = tmp_path / "prepared"
    folder.mkdir()
    settings = small_recipe()
    random = np.random.default_rng(1)
    voices = {f"talker{index}": random.normal(0, 1, BANDS) for index in range(6)}
    clips = [
        Clip(f"{talker}-{take}", f"{talker}-{take}.wav", label, talker, "train" if index < 4 else "dev")
        for index, talker in enumerate(voices)
        for take, label in enumerate(("angry", "sad") * 3)
    ]
    corpus.write(clips, folder / "clips.tsv")
    text = json.dumps(prepare._description(settings))
    (folder / "prepared.json").write_text(text, encoding="utf-8")

    def stretches(split: str) -> list[list[np.ndarray]]:
        return [[speech(random, clip.label, voices[clip.speaker])] for clip in clips if clip.split == split]

    write_features(folder / prepare.train_name(0), stretches("train"))
    write_features(folder / prepare.train_name(1), stretches("train"))
    write_features(folder / prepare.dev_name(0), stretches("dev"))
    return folder
