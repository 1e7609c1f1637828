"""Features are taken from edgectl as they are, or refused."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from edged_train import features
from edged_train.problem import Problem
from edged_train.recipe import FrontEnd
from synthetic import BANDS, speech, write_features


def program(tmp_path: Path, script: str) -> str:
    path = tmp_path / "edgectl"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_values_are_q16(tmp_path: Path):
    stretch = np.linspace(1, 2, 30 * BANDS).reshape(30, BANDS)
    write_features(tmp_path / "f.safetensors", [[stretch]])
    read = features.load(tmp_path / "f.safetensors")
    np.testing.assert_allclose(read.values(BANDS)[60:90], stretch, atol=1e-5)


def test_talker_is_remembered_by_speech_frames_without_the_pauses_between(tmp_path: Path):
    path = tmp_path / "f.safetensors"
    stretch = np.random.default_rng(0).normal(10, 1, (60, BANDS))
    write_features(path, [[stretch], [stretch, stretch + 1]])
    tensors = load_file(path)
    first = int(tensors["offsets"][1] + tensors["speech"][1, 0])
    tensors["activity"][first + 10 : first + 30] = 0
    save_file(tensors, path)
    means, counts = features.load(path).speech_means(BANDS)
    assert counts.tolist() == [60, 40, 60]
    spoken = np.concatenate([stretch[:10], stretch[30:]])
    np.testing.assert_allclose(means, [stretch.mean(0), spoken.mean(0), stretch.mean(0) + 1], atol=1e-4)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("offsets", [0, 9999]),
        ("segments", [[1, 40, 150]]),
        ("segments", [[0, 40, 9999]]),
        ("segments", [[0, 50, 50]]),
        ("speech", [[0, 1], [2, 3]]),
        ("speech", [[0, 60]]),
        ("speech", [[60, 9999]]),
        ("speech", [[50, 120]]),
    ],
)
def test_file_that_contradicts_itself_is_refused(tmp_path: Path, name: str, value: list):
    path = tmp_path / "f.safetensors"
    write_features(path, [[np.ones((60, BANDS))]])
    tensors = load_file(path)
    tensors[name] = np.array(value, np.int64)
    save_file(tensors, path)
    with pytest.raises(Problem, match="disagree"):
        features.load(path)


def test_file_without_a_tensor_is_refused_by_its_name(tmp_path: Path):
    path = tmp_path / "f.safetensors"
    write_features(path, [[np.ones((60, BANDS))]])
    tensors = load_file(path)
    del tensors["activity"]
    save_file(tensors, path)
    with pytest.raises(Problem, match="lacks activity"):
        features.load(path)


def test_damaged_or_absent_file_is_refused(tmp_path: Path):
    (tmp_path / "f.safetensors").write_bytes(b"\xff" * 40)
    for name in ("f.safetensors", "absent.safetensors"):
        with pytest.raises(Problem, match="cannot read the features"):
            features.load(tmp_path / name)


def test_warp_is_passed_only_where_there_is_one(tmp_path: Path):
    script = f'cp "$5" {tmp_path}/seen; cp "$3" {tmp_path}/front_end; echo "$1 $2 $4 $6 $8 $9" > {tmp_path}/arguments'
    edgectl = program(tmp_path, script)
    front_end = FrontEnd(bands=64, extras=("voice",), running_means=20)
    features.compute(edgectl, front_end, ["a b.wav", "c.wav"], [1.0, 0.95], tmp_path / "out.safetensors", 3)
    here = Path.cwd()
    assert (tmp_path / "seen").read_text() == f"{here}/a b.wav\n{here}/c.wav\t0.950000\n"
    assert (tmp_path / "arguments").read_text() == "features --front-end --manifest --output --jobs 3\n"
    told = json.loads((tmp_path / "front_end").read_text())
    assert told == front_end.document() and told["extras"] == ["voice"] and told["bands"] == 64


def test_what_edgectl_complains_of_is_told(tmp_path: Path):
    edgectl = program(tmp_path, "echo 'a.wav: not a WAV file' >&2; exit 3")
    with pytest.raises(Problem, match=r"failed \(3\): a\.wav: not a WAV file"):
        features.compute(edgectl, FrontEnd(), ["a.wav"], [1.0], tmp_path / "out.safetensors", 1)
    with pytest.raises(Problem, match="--edgectl"):
        features.compute(str(tmp_path / "absent"), FrontEnd(), ["a.wav"], [1.0], tmp_path / "out.safetensors", 1)


def test_some_of_the_clips_keep_their_frames_and_segments(tmp_path: Path):
    random = np.random.default_rng(0)
    stretches = [[speech(random, "sad", np.full(BANDS, clip)) for _ in range(clip % 3)] for clip in range(6)]
    write_features(tmp_path / "all.safetensors", stretches)
    write_features(tmp_path / "some.safetensors", [stretches[clip] for clip in (1, 2, 5)])
    some = features.load(tmp_path / "all.safetensors").of(np.array([1, 2, 5]))
    expected = features.load(tmp_path / "some.safetensors")
    for name in features.NAMES:
        np.testing.assert_array_equal(getattr(some, name), getattr(expected, name))


def test_detector_is_handed_on(tmp_path: Path):
    detector = tmp_path / "detector.edge"
    edgectl = program(tmp_path, f'echo "$@" > {tmp_path}/arguments')
    features.compute(edgectl, FrontEnd(), [tmp_path / "clip.wav"], [1.0], tmp_path / "f.safetensors", 1, detector)
    assert f"--detector {detector}" in (tmp_path / "arguments").read_text()
    features.compute(edgectl, FrontEnd(), [tmp_path / "clip.wav"], [1.0], tmp_path / "f.safetensors", 1)
    assert "--detector" not in (tmp_path / "arguments").read_text()
