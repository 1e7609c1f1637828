"""Synthetic noise that roughly resembles rooms, machines, animals and instruments.

Weights trained on recorded noise inherit its licence, and few collections allow every use. These sounds are made
from random numbers alone. They need not fool a listener: they only have to show the network that energy, harmonics,
onsets and modulation also occur without speech.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve, lfilter

from edged_train.noise import coloured
from edged_train.sound import Samples

RATE = 16000
"""Samples per second."""

Generator = np.random.Generator
Sound = Callable[[int, Generator], Samples]


def draw(count: int, random: Generator) -> Samples:
    """Noise of a random kind, sometimes of two kinds at once, of unit variance."""
    noise = _one(count, random)
    if random.random() < 0.35:
        noise = noise + _one(count, random) * np.float32(10 ** (random.uniform(-15, 5) / 20))
    return unit(noise)


def unit(samples: NDArray[np.floating]) -> Samples:
    """The samples without their mean, scaled to unit variance; silence stays silence."""
    centred = samples - samples.mean()
    return np.asarray(centred / max(float(centred.std()), 1e-9), dtype=np.float32)


def _one(count: int, random: Generator) -> Samples:
    kinds, weights = zip(*SOUNDS, strict=True)
    share = np.array(weights) / sum(weights)
    return unit(kinds[int(random.choice(len(kinds), p=share))](count, random))


def steady(count: int, random: Generator) -> Samples:
    """Coloured noise, sometimes through resonances: fans, distant traffic, microphone noise."""
    noise = coloured(count, RATE, random)
    for _ in range(int(random.integers(0, 3))):
        noise = _resonance(noise, _log_uniform(100, 6000, random), _log_uniform(30, 1500, random))
    return noise


def gusts(count: int, random: Generator) -> Samples:
    """Noise that swells and sinks: wind, waves, breath, sawing, brushing."""
    noise = steady(count, random)
    if random.random() < 0.5:
        swell = _wander(count, _log_uniform(0.2, 12, random), random)
    else:
        time = np.arange(count) / RATE
        rate = _log_uniform(0.3, 8, random) * (1 + 0.1 * _wander(count, 1, random))
        swell = np.sin(2 * np.pi * np.cumsum(rate) / RATE + 6 * random.random()) + 0 * time
    return np.asarray(noise * np.exp(random.uniform(0.5, 2) * swell), dtype=np.float32)


def machine(count: int, random: Generator) -> Samples:
    """Harmonics of a slowly wandering pitch, with noise around: mains hum, motors, saws, helicopters, insects."""
    pitch = _log_uniform(18, 450, random) * np.exp(random.uniform(0, 0.25) * _wander(count, 0.5, random))
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    tilt, highest = random.uniform(0.2, 2), min(40, int(7500 / pitch.max()) + 1)
    sound = np.zeros(count)
    for order in range(1, highest + 1):
        if random.random() < 0.75:
            level = order**-tilt * np.exp(random.normal(0, 0.7))
            sound += level * np.sin(order * phase + 6 * random.random())
    if random.random() < 0.4:
        sound *= 1 + random.uniform(0.3, 1) * np.sin(2 * np.pi * np.cumsum(pitch) / RATE / int(random.integers(2, 9)))
    hiss = steady(count, random) * _log_uniform(0.03, 1.5, random)
    return unit(unit(sound) * np.exp(random.uniform(0, 0.6) * _wander(count, 2, random)) + hiss)


def signals(count: int, random: Generator) -> Samples:
    """Tones switched on and off or swept: alarms, sirens, horns, ringing, beeps."""
    time = np.arange(count) / RATE
    base = _log_uniform(250, 3500, random)
    sweep = np.ones(count)
    if random.random() < 0.5:
        rate, depth = _log_uniform(0.15, 9, random), random.uniform(0.05, 0.5)
        wave = np.sin(2 * np.pi * rate * time + 6 * random.random())
        sweep = np.exp(depth * (np.sign(wave) if random.random() < 0.3 else wave))
    sound = np.zeros(count)
    for _ in range(int(random.integers(1, 4))):
        phase = 2 * np.pi * np.cumsum(base * _log_uniform(1, 3, random) * sweep) / RATE
        for order in range(1, int(random.integers(2, 7))):
            sound += np.sin(order * phase) * order ** -random.uniform(0.5, 2)
    return unit(sound * _switched(count, random))


def chirps(count: int, random: Generator) -> Samples:
    """Short sweeps of high pitch: birds, crickets, squeaks, frogs."""
    sound = np.zeros(count)
    centre, length = _log_uniform(800, 6000, random), _log_uniform(0.02, 0.4, random)
    orders = int(random.integers(1, 4))
    for start in _moments(count, _log_uniform(0.5, 12, random), random):
        duration = int(RATE * length * np.exp(random.normal(0, 0.3)))
        span = min(duration, count - start)
        position = np.arange(span) / max(duration, 1)
        bend = random.normal(0, 0.25) * position + random.normal(0, 0.2) * np.sin(np.pi * position)
        trill = random.uniform(0, 0.08) * np.sin(2 * np.pi * _log_uniform(10, 60, random) * position * length)
        phase = 2 * np.pi * np.cumsum(centre * np.exp(random.normal(0, 0.12) + bend + trill)) / RATE
        shape = np.sin(np.pi * position) ** random.uniform(0.5, 2) * np.exp(random.normal(0, 0.5))
        sound[start : start + span] += shape * sum(np.sin((o + 1) * phase) / (o + 1) ** 1.5 for o in range(orders))
    return unit(sound + steady(count, random) * _log_uniform(0.003, 0.3, random) * max(sound.std(), 1e-3))


def impacts(count: int, random: Generator) -> Samples:
    """Struck bodies that ring: knocks, steps, keys, clocks, glass, drops, bells, applause."""
    modes = int(random.integers(1, 9))
    frequencies = [_log_uniform(80, 6500, random) for _ in range(modes)]
    decay = _log_uniform(0.004, 0.8, random)
    length = int(RATE * min(6 * decay, 3)) + 64
    time = np.arange(length) / RATE
    body = np.zeros(length)
    for frequency in frequencies:
        fall = decay * _log_uniform(0.3, 1.5, random)
        body += np.exp(-time / fall) * np.sin(2 * np.pi * frequency * time + 6 * random.random()) * random.random()
    body = body / np.abs(body).max()
    body += random.uniform(0, 2) * random.normal(0, 1, length) * np.exp(-time / (decay * random.uniform(0.1, 1)))
    strokes = np.zeros(count)
    for start in _moments(count, _log_uniform(0.4, 40, random), random):
        strokes[start] += np.exp(random.normal(0, 0.6))
    sound = fftconvolve(strokes, body)[:count]
    return unit(sound + steady(count, random) * _log_uniform(0.003, 0.2, random) * max(sound.std(), 1e-3))


def crackle(count: int, random: Generator) -> Samples:
    """A great many tiny impulses through a filter: rain, fire, pouring, frying, paper."""
    density = _log_uniform(0.001, 0.2, random)
    sizes = np.exp(random.normal(0, 1.2, count)) * np.sign(random.normal(size=count))
    impulses: NDArray[np.floating] = np.where(random.random(count) < density, sizes, 0.0)
    for _ in range(int(random.integers(1, 4))):
        impulses = impulses + _resonance(impulses, _log_uniform(300, 6000, random), _log_uniform(100, 3000, random))
    return unit(impulses * np.exp(random.uniform(0, 1) * _wander(count, _log_uniform(0.3, 8, random), random)))


def calls(count: int, random: Generator) -> Samples:
    """Single harmonic cries with fixed formants: dogs, sheep, crows, horns, creaking doors."""
    sound = np.zeros(count)
    pitch, length = _log_uniform(90, 1400, random), _log_uniform(0.06, 1.4, random)
    formants = [
        (_log_uniform(300, 5000, random), _log_uniform(80, 700, random)) for _ in range(int(random.integers(1, 4)))
    ]
    rough = random.uniform(0, 0.9) * (random.random() < 0.5)
    rise, arch = random.normal(0, 0.3), random.normal(0, 0.3)
    for start in _moments(count, _log_uniform(0.25, 3, random), random):
        duration = max(int(RATE * length * np.exp(random.normal(0, 0.25))), 400)
        span = min(duration, count - start)
        position = np.arange(span) / duration
        glide = rise * position + arch * np.sin(np.pi * position) + random.normal(0, 0.08)
        phase = np.cumsum(pitch * np.exp(glide)) / RATE
        pulse = 2 * (phase % 1) - 1
        pulse *= 1 - rough * (0.5 + 0.5 * np.sin(2 * np.pi * _log_uniform(18, 90, random) * np.arange(span) / RATE))
        pulse += random.normal(0, 1, span) * _log_uniform(0.02, 1, random)
        shape = np.minimum(1, np.minimum(position / 0.08, (1 - position) / random.uniform(0.1, 0.7)))
        sound[start : start + span] += pulse * np.maximum(shape, 0) * np.exp(random.normal(0, 0.4))
    heard = sum(_resonance(sound, frequency, width) for frequency, width in formants)
    return unit(heard + steady(count, random) * _log_uniform(0.003, 0.3, random) * max(float(np.std(heard)), 1e-3))


def music(count: int, random: Generator) -> Samples:
    """Chords and a melody of plucked or held notes over a beat."""
    sound = np.zeros(count)
    beat = _log_uniform(0.15, 0.7, random)
    scale = _log_uniform(60, 250, random) * 2 ** (np.array([0, 2, 4, 5, 7, 9, 11, 12, 14, 16, 19, 24]) / 12)
    decay, tilt = _log_uniform(0.1, 3, random), random.uniform(0.6, 2)
    voices = int(random.integers(1, 5))
    start = 0
    while start < count:
        span = min(int(RATE * beat * int(random.integers(1, 5))), count - start)
        time = np.arange(span) / RATE
        shape = np.exp(-time / decay) * np.minimum(1, time / 0.01) * np.minimum(1, (span - np.arange(span)) / 200)
        for _ in range(voices):
            note = float(random.choice(scale)) * int(random.choice([1, 2, 4]))
            for order in range(1, min(12, int(7500 / note)) + 1):
                sound[start : start + span] += shape * order**-tilt * np.sin(2 * np.pi * order * note * time)
        start += span
    if random.random() < 0.5:
        sound = unit(sound) + impacts(count, random) * random.uniform(0.1, 1)
    return unit(sound)


SOUNDS: list[tuple[Sound, float]] = [
    (steady, 1.5),
    (gusts, 1.5),
    (machine, 1.5),
    (signals, 1.0),
    (chirps, 1.0),
    (impacts, 1.6),
    (crackle, 0.8),
    (calls, 1.6),
    (music, 1.0),
]
"""The kinds and how often each is drawn."""


def _log_uniform(low: float, high: float, random: Generator) -> float:
    return float(np.exp(random.uniform(np.log(low), np.log(high))))


def _moments(count: int, rate: float, random: Generator) -> list[int]:
    """Starts of events, about `rate` a second: from regular to random, sometimes in bursts."""
    gaps = max(4, int(2 * rate * count / RATE))
    spread = float(random.choice([0.02, 0.3, 1.0]))
    intervals = (1 - spread) + spread * random.exponential(1, gaps)
    if random.random() < 0.3:
        intervals *= np.where(random.random(gaps) < 0.2, random.uniform(3, 12), 0.5)
    starts = np.cumsum(intervals) * RATE / rate - random.uniform(0, 1) * RATE / rate
    return [int(start) for start in starts if 0 <= start < count]


def _switched(count: int, random: Generator) -> NDArray[np.float64]:
    """An on-off envelope with soft edges; sometimes always on."""
    if random.random() < 0.25:
        return np.ones(count)
    on, off = _log_uniform(0.04, 2.5, random), _log_uniform(0.03, 2.5, random)
    phase = (np.arange(count) / RATE + random.uniform(0, on + off)) % (on + off)
    edge = min(0.01, on / 3)
    return np.asarray(np.clip(np.minimum(phase, on - phase) / edge, 0, 1), dtype=np.float64)


def _wander(count: int, rate: float, random: Generator) -> NDArray[np.float64]:
    """A smooth random curve of unit variance that changes about `rate` times a second."""
    knots = max(4, int(np.ceil(rate * count / RATE)) + 3)
    curve = np.interp(np.linspace(0, knots - 1, count), np.arange(knots), random.normal(0, 1, knots))
    return np.asarray(curve, dtype=np.float64)


def _resonance(samples: NDArray[np.floating], frequency: float, width: float) -> Samples:
    """Filters by one resonance at `frequency` with a bandwidth of `width`, in Hz."""
    radius = np.exp(-np.pi * width / RATE)
    feedback = [1, -2 * radius * np.cos(2 * np.pi * frequency / RATE), radius**2]
    return unit(lfilter([1, 0, -1], feedback, samples))
