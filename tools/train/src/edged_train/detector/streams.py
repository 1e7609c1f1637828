"""Streams of speech in noise with ground truth for each frame.

The truth comes from the clean recording. Its frame energy is smoothed over five frames, and speech reaches from the
first to the last frame above a fraction of the span between two of its percentiles. Pauses inside a sentence count as
speech. Frames within `GUARD` of either end are neither, because listeners would disagree on them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from edged_train import made_noise, telephone
from edged_train.noise import babble
from edged_train.sound import Samples, change_rate

RATE = 16000
HOP = 160
FRAME = 400
GUARD = 10
"""Frames on either side of a bound that are not scored: 100 ms."""

NOISE, SPEECH, UNSURE = 0, 1, 2
"""Labels of a frame."""


@dataclass(frozen=True)
class Stream:
    """Sound as a microphone would give it, and the label of each frame."""

    samples: Samples
    truth: NDArray[np.uint8]


def frame_count(samples: int) -> int:
    """Number of frames that the device makes from `samples` samples."""
    return max(0, (samples - FRAME) // HOP + 1)


def bounds(samples: Samples) -> tuple[int, int]:
    """First frame of speech in a clean recording, and the frame after its last."""
    count = frame_count(len(samples))
    frames = np.lib.stride_tricks.sliding_window_view(samples, FRAME)[::HOP][:count]
    energy = np.log((frames.astype(np.float64) ** 2).mean(1) + 1e-10)
    smooth = np.convolve(np.pad(energy, 2, "edge"), np.ones(5) / 5, "valid")
    low, high = np.percentile(smooth, [5, 95])
    loud = np.flatnonzero(smooth > low + 0.4 * (high - low))
    return int(loud[0]), int(loud[-1]) + 1


def mark(truth: NDArray[np.uint8], start: int, end: int) -> None:
    """Marks speech from frame `start` to `end`, with guards at both."""
    truth[max(0, start - GUARD) : end + GUARD] = UNSURE
    truth[start + GUARD : max(start + GUARD, end - GUARD)] = SPEECH


def speech_power(samples: Samples, start: int, end: int) -> float:
    """Mean square of a recording between two frames."""
    heard = samples[start * HOP : end * HOP + FRAME - HOP].astype(np.float64)
    return float((heard**2).mean())


def mixed(clip: Samples, noise: Samples, snr_db: float, lead: int, tail: int) -> Stream:
    """A clip in `noise` of unit variance, with `lead` samples of noise alone before and `tail` after it.

    `snr_db` relates the clip's power between its speech bounds to the noise's power over the whole stream.
    """
    start, end = bounds(clip)
    level = np.sqrt(speech_power(clip, start, end)) * 10 ** (-snr_db / 20)
    samples = np.zeros(lead + len(clip) + tail, np.float32)
    samples[lead : lead + len(clip)] = clip
    samples += noise[: len(samples)] * np.float32(level)
    truth = np.full(frame_count(len(samples)), NOISE, np.uint8)
    mark(truth, start + lead // HOP, end + lead // HOP)
    return Stream(samples, truth)


@dataclass(frozen=True)
class Material:
    """What training streams are made of."""

    clips: tuple[Samples, ...]
    recordings: tuple[Samples, ...] = ()
    """Recorded noise whose licence allows training."""
    recorded_share: float = 0.4
    """How often recorded noise is drawn, if there is any."""
    telephone_share: float = 0.15
    """How often a stream is heard over a telephone. Without such streams the network misses telephone speech, whose upper bands are empty."""
    narrow_share: float = 0.1
    """How often a stream is band-limited otherwise."""


def training_stream(material: Material, seconds: float, random: np.random.Generator) -> Stream:
    """Random clips with pauses in between, in a room and in noise, at a random microphone gain."""
    count = int(seconds * RATE)
    speech, truth = np.zeros(count, np.float32), np.full(frame_count(count), NOISE, np.uint8)
    position = int(RATE * random.exponential(1.2))
    silent = random.random() < 0.15
    channel = _channel(random)
    powers = []
    while not silent and position < count:
        clip = material.clips[int(random.integers(len(material.clips)))]
        if random.random() < 0.5:
            clip = change_rate(clip, float(np.exp(random.uniform(-0.15, 0.15))))
        start, end = bounds(clip)
        if end - start < 2 * GUARD + 5:
            continue
        fits = min(len(clip), count - position)
        heard = channel(clip)[:fits] * np.float32(10 ** (random.normal(0, 2) / 20))
        first = position // HOP
        speech[first * HOP : first * HOP + fits] += heard[: count - first * HOP]
        mark(truth, first + start, min(first + end, len(truth)))
        powers.append(speech_power(clip, start, end))
        position = first * HOP + len(clip) + int(RATE * random.exponential(1.0))
    level = np.sqrt(np.mean(powers)) if powers else 0.05
    snr = random.uniform(-5, 28) if random.random() < 0.9 else random.uniform(28, 60)
    sound = speech + _noise(material, count, random) * np.float32(level * 10 ** (-snr / 20))
    gain = 10 ** (random.uniform(-22, 8) / 20)
    sound = np.clip(sound * np.float32(gain), -1, 1).astype(np.float32)
    line = random.random()
    if line < material.telephone_share:
        sound = _fitted(telephone.band(sound, RATE), count)
    elif line < material.telephone_share + material.narrow_share:
        sound = _narrow(sound, random)
    return Stream(sound, truth)


def _fitted(samples: Samples, count: int) -> Samples:
    """Trims or pads the few samples that rate conversion adds or drops."""
    return np.pad(samples[:count], (0, max(0, count - len(samples))))


def _narrow(samples: Samples, random: np.random.Generator) -> Samples:
    """Band-limited between two random frequencies."""
    frequencies = np.fft.rfftfreq(len(samples), 1 / RATE)
    low, high = random.uniform(20, 350), random.uniform(3000, 7800)
    response = np.interp(frequencies, (0.7 * low, low, high, 1.1 * high), (0, 1, 1, 0))
    return np.asarray(np.fft.irfft(np.fft.rfft(samples) * response, len(samples)), dtype=np.float32)


def recorded(recording: Samples, count: int, random: np.random.Generator) -> Samples:
    """A recording looped from a random start, of unit variance."""
    start = int(random.integers(len(recording)))
    return made_noise.unit(np.resize(np.roll(recording, -start), count))


def _noise(material: Material, count: int, random: np.random.Generator) -> Samples:
    choice = random.random()
    if choice < 0.12:
        talkers = [
            material.clips[int(random.integers(len(material.clips)))] for _ in range(int(random.integers(5, 14)))
        ]
        noise = babble(talkers, count, random)
    elif material.recordings and choice < 0.12 + 0.88 * material.recorded_share:
        recording = material.recordings[int(random.integers(len(material.recordings)))]
        if random.random() < 0.7:
            recording = change_rate(recording, float(np.exp(random.uniform(-0.4, 0.4))))
        noise = recorded(recording, count, random)
        if random.random() < 0.3:
            noise = made_noise.unit(noise + made_noise.draw(count, random) * np.float32(random.uniform(0.1, 1)))
    else:
        noise = made_noise.draw(count, random)
    if random.random() < 0.5:
        noise = _channel(random)(noise)
    return made_noise.unit(noise)


class _channel:
    """A room and a microphone: none, or a short reverberation, sometimes with a spectral tilt."""

    def __init__(self, random: np.random.Generator) -> None:
        self.response = np.zeros(0, np.float32)
        if random.random() < 0.5:
            return
        length = int(RATE * np.exp(random.uniform(np.log(0.02), np.log(0.4))))
        decay = np.exp(-6.9 * np.arange(length) / length)
        response = random.normal(0, 1, length) * decay * random.uniform(0.02, 0.25)
        response[0] = 1
        if random.random() < 0.5:
            response = np.convolve(response, [1, random.uniform(-0.9, 0.6)])
        self.response = (response / np.sqrt((response**2).sum())).astype(np.float32)

    def __call__(self, samples: Samples) -> Samples:
        if not len(self.response):
            return samples
        return np.asarray(fftconvolve(samples, self.response)[: len(samples)], dtype=np.float32)
