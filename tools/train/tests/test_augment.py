"""Stored versions are what their parameters say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from conftest import small_recipe
from edged_train import augment
from edged_train.augment import Version
from edged_train.problem import Problem

RATE = 16000


def tone(frequency: float, seconds: float = 1, rate: int = RATE) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * frequency * np.arange(int(rate * seconds)) / rate)).astype(np.float32)


def pitch(samples: np.ndarray, rate: int = RATE) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(spectrum.argmax() * rate / len(samples))


def test_speed_moves_pitch_and_duration_together():
    faster = augment.apply(Version(speed=1.25), tone(400), RATE, np.random.default_rng(0))
    assert len(faster) == pytest.approx(RATE / 1.25, abs=2)
    assert pitch(faster) == pytest.approx(500, abs=2)


@pytest.mark.parametrize("snr", [0.0, 10.0, 30.0])
def test_noise_is_added_at_the_stated_ratio(snr: float):
    clean = tone(400)
    noisy = augment.apply(Version(noise_snr_db=snr), clean, RATE, np.random.default_rng(0))
    assert 20 * np.log10(clean.std() / (noisy - clean).std()) == pytest.approx(snr, abs=0.1)


def test_clip_itself_is_unchanged():
    clean = tone(400)
    np.testing.assert_array_equal(augment.apply(Version(), clean, RATE, np.random.default_rng(0)), clean)


def test_too_loud_samples_saturate_and_do_not_wrap(tmp_path: Path):
    loud = augment.apply(Version(gain_db=12), tone(400), RATE, np.random.default_rng(0))
    augment.write(loud, tmp_path / "loud.wav", RATE)
    written, _ = soundfile.read(tmp_path / "loud.wav", dtype="int16")
    np.testing.assert_array_equal(written, np.clip(np.rint(loud * 32768), -32768, 32767))
    assert written.max() == 32767 and written.min() == -32768


def test_other_rates_and_channels_become_mono_at_the_wanted_rate(tmp_path: Path):
    stereo = np.stack([tone(1000, rate=48000), tone(1000, rate=48000)], axis=1)
    soundfile.write(tmp_path / "clip.wav", stereo, 48000)
    read = augment.read(str(tmp_path / "clip.wav"), RATE)
    assert len(read) == pytest.approx(RATE, abs=2)
    assert pitch(read) == pytest.approx(1000, abs=2)


def test_versions_are_drawn_within_their_bounds():
    settings = small_recipe(augmentation={"noise_share": 0.5, "stored_gain_db": [-3.0, 3.0]}).augmentation
    random = np.random.default_rng(0)
    drawn = [augment.draw(settings, random) for _ in range(500)]
    assert all(settings.speed[0] <= version.speed <= settings.speed[1] for version in drawn)
    assert all(settings.warp[0] <= version.warp <= settings.warp[1] for version in drawn)
    assert all(abs(version.gain_db) <= 3 for version in drawn)
    assert 0.4 < np.mean([version.noise_snr_db is not None for version in drawn]) < 0.6


def test_what_is_not_sound_is_refused(tmp_path: Path):
    (tmp_path / "clip.wav").write_text("no sound")
    with pytest.raises(Problem, match=r"cannot read .*clip\.wav"):
        augment.read(str(tmp_path / "clip.wav"), RATE)
