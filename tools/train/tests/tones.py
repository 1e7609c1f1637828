"""Another small world, for the commands: recordings of two tones, a recipe, and a stand-in for `edgectl`."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from edged_train.cli import main

RECIPE = """
name = "tones"
classes = ["angry", "sad"]
[data]
corpus = "manifest"
licence = "none"
[front_end]
bands = 8
coefficients = 8
[augmentation]
versions = 2
frequency_mask_coefficients = 2
[network]
channels = 8
hidden = 8
head = 8
dilations = [1, 2]
[training]
epochs = 2
batch = 8
evaluate_every = 1
[evaluation]
orders = 2
gains_db = [-12.0]
"""

EDGECTL = """#!{python}
import sys
sys.path.insert(0, {tests!r})
from pathlib import Path
import numpy as np, soundfile
from synthetic import BANDS, write_features
manifest, output = sys.argv[sys.argv.index("--manifest") + 1], sys.argv[sys.argv.index("--output") + 1]
clips = []
for line in Path(manifest).read_text().splitlines():
    samples, _ = soundfile.read(Path(manifest).parent / line.split("\\t")[0], dtype="int16")
    frames = np.lib.stride_tricks.sliding_window_view(samples.astype(float), 400)[::160]
    power = np.abs(np.fft.rfft(frames)[:, 1:193]) ** 2
    clips.append([np.log(power.reshape(len(power), BANDS, -1).sum(2) + 1e3)])
write_features(Path(output), clips)
with open({log!r}, "a") as log:
    log.write(f"{{len(clips)}}\\n")
"""


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """A recipe, twelve clips of two talkers to train on and one to judge, and an `edgectl`."""
    (tmp_path / "recipe.toml").write_text(RECIPE)
    rows = ["path\tlabel\tspeaker\tsplit"]
    for index in range(18):
        label, talker = ("angry", "sad")[index % 2], f"talker{index // 6}"
        tone = np.sin(2 * np.pi * (600 if index % 2 else 2500) * np.arange(12000) / 16000)
        noise = np.random.default_rng(index).normal(0, 0.02, 12000)
        soundfile.write(tmp_path / f"{index}.wav", 0.2 * tone + noise, 16000)
        rows.append(f"{index}.wav\t{label}\t{talker}\t{'dev' if index >= 12 else 'train'}")
    (tmp_path / "clips.tsv").write_text("\n".join(rows) + "\n")
    edgectl = tmp_path / "edgectl"
    tests = str(Path(__file__).parent)
    edgectl.write_text(EDGECTL.format(python=sys.executable, tests=tests, log=str(tmp_path / "calls")))
    edgectl.chmod(edgectl.stat().st_mode | stat.S_IXUSR)
    return tmp_path


def prepare(world: Path, *more: str) -> int:
    corpus, output, edgectl = (str(world / name) for name in ("clips.tsv", "prepared", "edgectl"))
    arguments = ["--corpus", corpus, "--output", output, "--edgectl", edgectl, "--jobs", "1"]
    return main(["prepare", str(world / "recipe.toml"), *arguments, *more])
