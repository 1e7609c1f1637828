"""A small world for the tests: six talkers, two emotions, features that tell them apart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from edged_train import corpus, prepare, recipe
from edged_train.clip import Clip
from edged_train.recipe import Recipe
from synthetic import BANDS, speech, write_features

pytest_plugins = ["tones"]


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
