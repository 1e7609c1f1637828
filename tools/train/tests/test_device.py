"""What training judges is what the device judges: the same sound through `prepare` and through `edgectl eval`.

Needs the real program: built beside (`swift build -c release --product edgectl-tools`), or named by EDGECTL.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from scipy.special import softmax

from edged_train import clips, export, run, sessions
from edged_train.cli import main
from edged_train.evaluation import Temperatures

BUILT = Path(__file__).parents[3] / ".build" / "release" / "edgectl-tools"
EDGECTL = Path(os.environ.get("EDGECTL", BUILT))

RECIPE = """
name = "vowels"
classes = ["angry", "sad"]
[data]
corpus = "manifest"
[front_end]
{front_end}
[recognition]
context_ms = {context}
[augmentation]
versions = 2
{network}
[training]
epochs = 6
batch = 8
learning_rate = 0.01
average = 0.5
evaluate_every = 1
[evaluation]
orders = 1
"""

CNN_LSTM = "[network]\nchannels = 8\nhidden = 8\nhead = 8"

CENTRED = "by_talker = true\n" + CNN_LSTM + "\ncentre_segments = 3\n[segmentation]\ntogether = 4"

LISTED = """[network]
kind = "layers"
layers = [
  { op = "window", frames = 120, name = "rows" },
  { op = "conv1d", output = 6, kernel = 5, stride = 2 },
  { op = "relu" },
  { op = "batch_norm" },
  { op = "max_pool", kernel = 2, ceil = true },
  { op = "simple_rnn", output = 6 },
  { op = "last", name = "recurrent" },
  { op = "image", inputs = ["rows"] },
  { op = "conv2d", output = 3, kernel = 3, stride = 2 },
  { op = "relu" },
  { op = "max_pool2d", kernel = 4 },
  { op = "flatten" },
  { op = "dense", output = 6, name = "seen" },
  { op = "conv1d", output = 6, kernel = 3, inputs = ["features"] },
  { op = "relu" },
  { op = "statistics_pool", name = "talker" },
  { op = "concat", inputs = ["recurrent", "seen", "talker"] },
]
"""

EVERY_EXTRA = """bands = 40
fft = 1024
frame = 800
coefficients = 20
extras = ["zero_crossings", "rms", "chroma", "contrast", "tonnetz", "mel", "deltas", "delta_deltas"]
"""

MODELS = {
    "mfcc": ("bands = 40\ncoefficients = 40", CNN_LSTM, 600, []),
    "voice": (
        'bands = 64\nfmin = 40.0\ncoefficients = 40\nextras = ["voice"]\nrunning_means = 20',
        CNN_LSTM,
        600,
        [],
    ),
    "centred": ("bands = 40\ncoefficients = 40", CENTRED, 600, []),
    "layers": (EVERY_EXTRA, LISTED, 4000, ["--whole"]),
}
"""Front end, network, length of a context, and how the device is asked to hear."""


def spoken(random: np.random.Generator, label: str) -> np.ndarray:
    """A second and more of a vowel with a pause in it, rising or falling by its label, amid faint noise."""
    length = int(random.integers(14000, 20000))
    glide = (130, 280) if label == "angry" else (220, 110)
    pitch = np.cumsum(np.linspace(*glide, length) * random.uniform(0.8, 1.2)) / 16000
    voice = sum(np.cos(2 * np.pi * pitch * k) / (1 + ((k * 180 - 700) / 400) ** 2) for k in range(1, 18))
    voice = voice * 0.2 * random.uniform(0.2, 1)
    voice[length // 2 : length // 2 + 2500] = 0
    return np.concatenate([np.zeros(6000), voice, np.zeros(9000)]) + random.normal(0, 2e-4, length + 15000)


@pytest.mark.skipif(not EDGECTL.exists(), reason="edgectl-tools is not built")
@pytest.mark.parametrize("kind", MODELS)
def test_device_gives_the_scores_that_training_computes(tmp_path: Path, kind: str):
    front_end, network, context, how = MODELS[kind]
    random = np.random.default_rng(0)
    rows = ["path\tlabel\tspeaker\tsplit"]
    for index in range(24):
        label = ("angry", "sad")[index % 2]
        heard = spoken(random, label)
        if index % 3 == 0:  # a second channel, which neither of the two hears
            heard = np.stack([heard, np.random.default_rng(index).normal(0, 0.2, len(heard))], 1)
        soundfile.write(tmp_path / f"{index}.wav", heard, 16000, subtype="PCM_16")
        split = "dev" if index >= 16 else "train"
        rows.append(f"{index}.wav\t{label}\ttalker{index // 4}\t{split}")
    (tmp_path / "clips.tsv").write_text("\n".join(rows) + "\n")
    (tmp_path / "recipe.toml").write_text(RECIPE.format(front_end=front_end, network=network, context=context))
    recipe, prepared, folder = (str(tmp_path / name) for name in ("recipe.toml", "prepared", "run"))
    sound = ["--corpus", str(tmp_path / "clips.tsv"), "--output", prepared, "--edgectl", str(EDGECTL), "--jobs", "1"]
    assert main(["prepare", recipe, *sound]) == 0
    assert main(["train", recipe, "--prepared", prepared, "--run", folder]) == 0
    _measure_bias(tmp_path / "run" / run.BEST)
    trained = run.load_trained(tmp_path / "run")
    # Fitted ones could be alike: the clips are easily told apart.
    temperatures = Temperatures(1.3, 0.9)
    export.export(trained, temperatures, {}, tmp_path / "model.bin")

    dev = clips.load_dev(trained.recipe, tmp_path / "prepared", 0, trained.centre.numpy())
    parts = (trained.recipe, trained.network, trained.feature_map, dev)
    judgement = sessions.hear(*parts, whole=bool(how), order=0, bias=trained.bias)
    anybody = sessions.hear(*parts, whole=bool(how), order=0).logits
    assert np.abs(judgement.logits - anybody).max() > 0.03
    order = np.random.default_rng(0)
    heard = [clip for members in dev.speakers().values() for clip in order.permutation(members).tolist()]
    lines = [f"{dev.clips[clip].path}\t{dev.clips[clip].label}\t{dev.clips[clip].speaker}\n" for clip in heard]
    (tmp_path / "sessions.tsv").write_text("".join(lines))
    command = [str(EDGECTL), "eval", str(tmp_path / "model.bin"), "--manifest", str(tmp_path / "sessions.tsv"), *how]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    scores = [json.loads(line)["scores"] for line in printed[: len(heard)]]

    divisors = np.where(judgement.known[heard, None] > 0, temperatures.known, temperatures.unknown)
    expected = softmax(judgement.logits[heard].astype(float) / divisors, axis=1)
    found = np.array([[score[name] for name in trained.recipe.classes] for score in scores])
    assert judgement.known.max() >= 3
    # The first frames of a whole recording, which confirm speech elsewhere, count as speech in the device's baseline.
    np.testing.assert_allclose(found, expected, atol=8e-3 if how else 2e-3)
    assert np.ptp(found[:, 0]) > 0.03  # many times the tolerance: the clips are told apart


def _measure_bias(path: Path) -> None:
    """What `offset` would measure, had it runs that held speakers out."""
    means = torch.tensor([[0.3, -0.3], [-0.2, 0.2]], dtype=torch.float64)
    run.save(path, run.load(path) | {"bias": {"means": means, "variance": 0.5, "prior": 2}})
