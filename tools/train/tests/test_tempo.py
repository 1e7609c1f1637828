"""Pace and pitch move on their own."""

from __future__ import annotations

import numpy as np
import pytest

from edged_train import tempo

RATE = 16000


def vowel(frequency: float, seconds: float = 1.0) -> np.ndarray:
    """Harmonics under two formants, with a syllable every quarter of a second."""
    time = np.arange(int(RATE * seconds)) / RATE
    formants = [np.exp(-(((k * frequency - at) / 200) ** 2)) for at in (600, 1700) for k in range(1, 25)]
    voice = sum(
        a * np.cos(2 * np.pi * k * frequency * time) for a, k in zip(formants, [*range(1, 25)] * 2, strict=True)
    )
    return (0.1 * voice * (0.6 + 0.4 * np.cos(2 * np.pi * 4 * time))).astype(np.float32)


def pitch(samples: np.ndarray) -> float:
    """By the autocorrelation's first peak, interpolated."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 2 * len(samples))) ** 2
    correlation = np.fft.irfft(spectrum)
    lags = np.arange(RATE // 400, RATE // 70)
    best = int(lags[correlation[lags].argmax()])
    before, at, after = correlation[best - 1 : best + 2]
    return RATE / (best + 0.5 * (before - after) / (before - 2 * at + after))


def syllables_per_second(samples: np.ndarray) -> float:
    envelope = np.abs(samples) - np.abs(samples).mean()
    spectrum = np.abs(np.fft.rfft(envelope * np.hanning(len(samples)), 8 * len(samples)))
    frequencies = np.fft.rfftfreq(8 * len(samples), 1 / RATE)
    band = (frequencies > 2) & (frequencies < 8)
    return float(frequencies[band][spectrum[band].argmax()])


@pytest.mark.parametrize("factor", [0.8, 0.93, 1.1, 1.3])
def test_stretching_moves_the_pace_and_not_the_pitch(factor: float):
    heard = tempo.stretched(vowel(160, 2), factor, RATE)
    assert len(heard) == round(2 * RATE / factor)
    assert pitch(heard) == pytest.approx(160, rel=0.01)
    assert syllables_per_second(heard) == pytest.approx(4 * factor, rel=0.04)
    assert heard.std() == pytest.approx(vowel(160, 2).std(), rel=0.05)


@pytest.mark.parametrize("semitones", [-3.0, 1.0, 4.0])
def test_repitching_moves_the_pitch_and_not_the_pace(semitones: float):
    heard = tempo.repitched(vowel(160, 2), semitones, RATE)
    assert len(heard) == 2 * RATE
    assert pitch(heard) == pytest.approx(160 * 2 ** (semitones / 12), rel=0.01)
    assert syllables_per_second(heard) == pytest.approx(4, rel=0.04)


def test_even_pace_gives_the_samples_back():
    samples = np.random.default_rng(0).normal(0, 0.1, 5000).astype(np.float32)
    np.testing.assert_allclose(tempo.stretched(samples, 1, RATE), samples, atol=1e-6)


@pytest.mark.parametrize("count", [1, 100, 700])
def test_shortest_clips_do_not_fail(count: int):
    assert len(tempo.stretched(np.ones(count, np.float32), 1.25, RATE)) == max(1, round(count / 1.25))
