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


def level(samples: np.ndarray) -> float:
    return float(20 * np.log10(samples[2000:-2000].std() + 1e-12))


@pytest.mark.parametrize(("frequency", "loss"), [(100, 60), (600, 0), (1000, 0), (3200, 0), (3900, 40), (6000, 60)])
def test_telephone_passes_its_band_only(frequency: float, loss: float):
    heard = tone(frequency)
    change = level(heard) - level(augment.telephone(heard, RATE))
    assert change > loss if loss else abs(change) < 0.1


def test_compander_is_g711s():
    """Every code of table 2a stands for itself, and what lies between two goes to the nearer."""
    codes = np.array([((mantissa << 3) + 132 << exponent) - 132 for exponent in range(8) for mantissa in range(16)])
    np.testing.assert_array_equal(augment.companded(codes / 32768) * 32768, codes)
    values = np.arange(0, 32000)
    found = augment.companded(values / 32768) * 32768
    assert set(found.tolist()) <= set(codes.tolist())
    nearest = np.abs(values[:, None] - codes[None, :]).min(1)
    # Decision values lie in the middle of a step, so only where steps double is the nearest code another.
    assert np.mean(np.abs(found - values) == nearest) > 0.95
    np.testing.assert_array_equal(augment.companded(-values / 32768), -augment.companded(values / 32768))


def test_noise_has_the_ratio_that_is_asked_for():
    random = np.random.default_rng(0)
    clean = tone(400)
    others = [(scale * tone(frequency)[:8000]).astype(np.float32) for frequency, scale in ((500, 0.01), (1500, 1))]
    noise = augment.babble(others, len(clean), random)
    assert noise.std() == pytest.approx(1, abs=1e-4)
    added = augment.add_noise(clean, noise, 10) - clean
    assert 20 * np.log10(clean.std() / added.std()) == pytest.approx(10, abs=0.05)
    # Loud and soft talkers babble alike.
    power = np.abs(np.fft.rfft(noise)) ** 2
    assert power[500] == pytest.approx(power[1500], rel=0.05)


def test_degraded_versions_are_telephones_or_noisy():
    settings = small_recipe(augmentation={"degraded": 1, "telephone_share": 0.4, "babble_share": 0.5}).augmentation
    random = np.random.default_rng(0)
    drawn = [augment.draw(settings, random, degraded=True) for _ in range(600)]
    assert 0.3 < np.mean([version.telephone for version in drawn]) < 0.5
    assert all(version.noise_snr_db is not None for version in drawn if not version.telephone)
    assert all(version.noise_snr_db is not None for version in drawn if version.talkers)
    noisy = [version for version in drawn if version.noise_snr_db is not None]
    assert 0.4 < np.mean([version.talkers > 0 for version in noisy]) < 0.6
    assert {version.talkers for version in noisy} == {0, 3, 4, 5, 6}
