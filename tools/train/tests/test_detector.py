from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open

from edged_train import made_noise
from edged_train.detector import export, prepare, table, training
from edged_train.detector.network import DetectorNetwork
from edged_train.detector.prepare import Streams, without_silence, without_talkers
from edged_train.detector.streams import (
    GUARD,
    NOISE,
    RATE,
    SPEECH,
    UNSURE,
    Material,
    bounds,
    frame_count,
    mixed,
    speech_power,
    training_stream,
)
from edged_train.recipe import FrontEnd

BUILT = Path(__file__).parents[3] / ".build" / "release" / "edgectl-tools"
EDGECTL = Path(os.environ.get("EDGECTL", BUILT))


def burst(seconds: float = 1.5, start: float = 0.5, end: float = 1.0, seed: int = 0) -> np.ndarray:
    """A loud stretch amid faint noise."""
    random = np.random.default_rng(seed)
    time = np.arange(int(seconds * RATE)) / RATE
    loud = (time >= start) & (time < end)
    return (random.normal(0, 1, len(time)) * np.where(loud, 0.1, 0.001)).astype(np.float32)


@pytest.mark.parametrize("sound", [kind for kind, _ in made_noise.SOUNDS], ids=lambda kind: kind.__name__)
def test_every_sound_is_finite_and_no_two_are_alike(sound: made_noise.Sound):
    drawn = [sound(RATE * 2, np.random.default_rng(seed)) for seed in range(6)]
    for samples in drawn:
        assert samples.shape == (RATE * 2,)
        assert np.isfinite(samples).all() and samples.std() > 1e-3
    assert not np.array_equal(drawn[0], drawn[1])
    np.testing.assert_array_equal(drawn[0], sound(RATE * 2, np.random.default_rng(0)))


def test_drawn_noise_has_unit_variance():
    for seed in range(20):
        assert made_noise.draw(RATE, np.random.default_rng(seed)).std() == pytest.approx(1, abs=1e-3)


def test_bounds_are_where_the_loud_stretch_is():
    start, end = bounds(burst())
    assert abs(start - 50) <= 3
    assert abs(end - 100) <= 3


def test_a_mixed_stream_has_its_ratio_its_truth_and_its_guards():
    clip = burst()
    drawn = made_noise.unit(np.random.default_rng(1).normal(0, 1, 5 * RATE))
    stream = mixed(clip, drawn, 10, RATE, RATE // 2)
    assert len(stream.samples) == len(clip) + 3 * RATE // 2
    assert len(stream.truth) == frame_count(len(stream.samples))
    added = stream.samples[:RATE]
    start, end = bounds(clip)
    assert 10 * np.log10(speech_power(clip, start, end) / added.var()) == pytest.approx(10, abs=0.2)
    first, last = 100 + start, 100 + end
    assert (stream.truth[: first - GUARD] == NOISE).all()
    assert (stream.truth[first - GUARD : first + GUARD] == UNSURE).all()
    assert (stream.truth[first + GUARD : last - GUARD] == SPEECH).all()
    assert (stream.truth[last - GUARD : last + GUARD] == UNSURE).all()
    assert (stream.truth[last + GUARD :] == NOISE).all()


def test_training_streams_have_both_kinds_of_frames_and_depend_on_the_seed_alone():
    material = Material((burst(), burst(2, 0.3, 1.6, seed=1)), (burst(3, 0, 3, seed=2),))
    streams = [training_stream(material, 6, np.random.default_rng(seed)) for seed in range(12)]
    for stream in streams:
        assert len(stream.truth) == frame_count(6 * RATE)
        assert np.abs(stream.samples).max() <= 1
    truth = np.concatenate([stream.truth for stream in streams])
    assert {NOISE, SPEECH, UNSURE} == set(truth.tolist())
    again = training_stream(material, 6, np.random.default_rng(3))
    np.testing.assert_array_equal(again.samples, streams[3].samples)


def test_padding_of_noise_and_talkers_held_back():
    padded = np.concatenate([np.zeros(RATE), np.full(RATE, 0.1), np.zeros(RATE)]).astype(np.float32)
    assert len(without_silence(padded)) == RATE
    assert len(without_silence(np.zeros(RATE, np.float32))) == 0
    parts = without_talkers(tuple(f"/x/{1000 + talker}_A_{take}.opus" for talker in range(9) for take in range(2)))
    assert len(parts.kept) == 6 and len(parts.held) == 12
    assert not {Path(path).name[:4] for path in parts.kept} & {Path(path).name[:4] for path in parts.held}


def test_errors_count_speech_and_noise_apart_and_nothing_else():
    truth = np.array([SPEECH, SPEECH, SPEECH, SPEECH, NOISE, NOISE, UNSURE], np.uint8)
    verdicts = np.array([True, True, True, False, True, False, True])
    found = table.errors(verdicts, truth)
    assert (found.missed, found.false_alarms, found.total) == (25, 50, 75)
    odds = np.array([2, 2, 2, 0.6, 0.4, -1, 9], np.float32)
    assert table.best_threshold(odds, truth) == 0.5


def test_a_verdict_depends_on_the_frames_that_it_says():
    network = DetectorNetwork(6, 4, (1, 2)).eval()
    for parameter in network.parameters():
        parameter.data.abs_()  # so that no ReLU hides a frame
    rows = torch.rand(1, 6, 60)
    with torch.no_grad():
        whole = network(rows)
        changed = rows.clone()
        changed[:, :, 30] += 5
        difference = (network(changed) - whole).abs().sum(1)[0]
    touched = torch.nonzero(difference > 1e-6)[:, 0]
    assert touched.min() == 30
    assert touched.max() == 30 + network.frames - 1


def small_detector() -> tuple[training.Detector, Streams]:
    """A detector that learned to tell loud bands from soft ones."""
    random = np.random.default_rng(0)
    truth = np.repeat(np.tile([NOISE, SPEECH], 32), 50).astype(np.uint8)
    bands = random.normal(10, 0.5, (len(truth), 8)).astype(np.float32)
    bands[truth == SPEECH, 2:5] += 3
    streams = Streams(bands, truth, np.arange(0, len(truth) + 1, 200), np.zeros(len(truth), np.uint8))
    settings = training.Settings(coefficients=6, width=4, dilations=(1, 2), epochs=30, batch=4, gain=0.1)
    return training.train(streams, settings, lambda epoch, loss: None), streams


def test_training_learns_and_what_is_saved_comes_back(tmp_path: Path):
    detector, streams = small_detector()
    odds = detector.odds(streams)
    assert table.errors(odds > 0, streams.truth).total < 15
    detector.save(tmp_path / "detector.pt")
    np.testing.assert_array_equal(training.load_detector(tmp_path / "detector.pt").odds(streams), odds)


def test_the_document_names_every_tensor(tmp_path: Path):
    detector, _ = small_detector()
    front_end = FrontEnd(bands=8, coefficients=6)
    export.export(detector, front_end, export.Thresholds(), {"data": "random"}, tmp_path / "detector.bin")
    with safe_open(tmp_path / "detector.bin", framework="np") as file:
        document = json.loads(file.metadata()["edge"])
        names = set(file.keys())
    assert document["detector"]["version"] == 2
    assert "classes" not in document and "recognition" not in document
    nodes = document["graph"]["nodes"]
    assert [node["op"] for node in nodes[-3:]] == ["last", "dense", "softmax"]
    fields = ("weight", "bias", "gamma", "beta", "mean", "variance")
    named = {node[field] for node in nodes for field in fields if field in node}
    assert names == named | set(document["standardization"].values())


@pytest.mark.skipif(not EDGECTL.exists(), reason="edgectl-tools is not built")
def test_the_device_hears_what_training_computes(tmp_path: Path):
    front_end = FrontEnd(bands=40, coefficients=12)
    material = Material(tuple(burst(2, 0.4, 1.5, seed=seed) for seed in range(3)), telephone_share=0, narrow_share=0)
    mixtures = [training_stream(material, 4, np.random.default_rng(seed)) for seed in range(12)]
    streams = prepare.device_ear(str(EDGECTL), front_end, tmp_path / "sound", keep=True)(mixtures, "mix")
    settings = training.Settings(coefficients=12, width=8, dilations=(1, 4), epochs=6, batch=4)
    detector = training.train(streams, settings, lambda epoch, loss: None)
    thresholds = export.Thresholds(open=1, keep=0, gate_open_db=0, gate_keep_db=0)
    export.export(detector, front_end, thresholds, {"data": "made"}, tmp_path / "detector.bin")
    command = [str(EDGECTL), "quantize", str(tmp_path / "detector.bin"), "-o", str(tmp_path / "detector.edge")]
    command += ["--calibrate", str(tmp_path / "sound"), "--min-sqnr", "20", "--min-agreement", "0.9"]
    subprocess.run(command, check=True, capture_output=True)
    sounds = sorted((tmp_path / "sound").glob("*.wav"))
    heard = prepare.heard_by(str(EDGECTL), tmp_path / "detector.edge", front_end, sounds, tmp_path)

    odds = detector.odds(streams)
    expected = np.where(odds > thresholds.open, 2, np.where(odds > thresholds.keep, 1, 0))
    passed = streams.activity > 0  # what the energy detector hears is far above a gate at the floor
    assert passed.sum() > 300
    assert set(expected[passed].tolist()) == {0, 1, 2}
    assert (heard[passed] == expected[passed]).mean() > 0.95
