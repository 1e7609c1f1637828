"""Impulse responses of rectangular rooms by the image method.

Each wall mirrors the talker, and each image is mirrored again. The microphone hears the sum of all images, each
delayed and attenuated by its distance and by the walls on its way. After Allen and Berkley, Image method for
efficiently simulating small-room acoustics, JASA 65(4), 1979, with equal walls and no frequency dependence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, sosfilt

from edged_train.sound import Samples

SOUND_SPEED = 343.0
"""Metres per second."""

EYRING = 0.161
"""Seconds per metre: the reverberation time is this times volume over absorbing area."""

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Room:
    """A rectangular room with a talker and a microphone in it; metres and seconds."""

    size: tuple[float, float, float]
    talker: tuple[float, float, float]
    microphone: tuple[float, float, float]
    rt60_s: float
    """Time in which sound falls by 60 dB."""

    @property
    def reflection(self) -> float:
        """The walls' amplitude reflection coefficient, from the reverberation time by Eyring's formula."""
        x, y, z = self.size
        return float(np.exp(-EYRING * x * y * z / (2 * 2 * (x * y + y * z + z * x) * self.rt60_s)))


def draw(random: np.random.Generator, rt60_s: float) -> Room:
    """A room of an office's size, the talker 0.4 to 1.5 m before the microphone, which is at least 0.5 m from walls."""
    size = np.array([random.uniform(3, 8), random.uniform(3, 6), random.uniform(2.4, 3.5)])
    # The talker stands roughly towards the middle of the room, where there is space; the microphone is 1.4 m high.
    microphone = np.array([random.uniform(0.5, size[0] - 0.5), random.uniform(0.5, size[1] - 0.5), 1.4])
    inward = np.arctan2(size[1] / 2 - microphone[1], size[0] / 2 - microphone[0])
    angle = inward + random.uniform(-0.5, 0.5)
    distance = random.uniform(0.4, 1.5)
    step = np.array([np.cos(angle), np.sin(angle), 0]) * distance
    talker = np.clip(microphone + step + [0, 0, random.uniform(-0.2, 0.3)], 0.3, size - 0.3)
    return Room(_triple(size), _triple(talker), _triple(microphone), rt60_s)


def impulse_response(room: Room, rate: int) -> Vector:
    """The room's impulse response from the direct sound on, which is 1; as long as the reverberation time."""
    talker, microphone = np.array(room.talker), np.array(room.microphone)
    direct = float(np.linalg.norm(talker - microphone))
    longest = direct + SOUND_SPEED * room.rt60_s
    distances, bounces = np.zeros(1), np.zeros(1)
    for axis, length in enumerate(room.size):
        order = int(np.ceil(longest / (2 * length))) + 1
        n = np.arange(-order, order + 1)
        # Images with an even and with an odd number of reflections along this axis, as offsets from the microphone.
        even, odd = 2 * n * length + talker[axis], 2 * n * length - talker[axis]
        offsets = np.concatenate([even, odd]) - microphone[axis]
        walls = np.concatenate([np.abs(2 * n), np.abs(2 * n - 1)])
        distances = (distances[:, None] + offsets[None, :] ** 2).ravel()
        bounces = (bounces[:, None] + walls[None, :]).ravel()
        near = distances <= longest**2
        distances, bounces = distances[near], bounces[near]
    distances = np.sqrt(distances)
    amplitudes = room.reflection**bounces * direct / distances
    # `direct` was summed in another order, so that rounding can make the direct sound's delay slightly negative.
    delays = np.maximum(distances - direct, 0) / SOUND_SPEED * rate
    whole = np.floor(delays).astype(np.int64)
    share = delays - whole
    count = int(whole.max()) + 2
    response = np.bincount(whole, amplitudes * (1 - share), count) + np.bincount(whole + 1, amplitudes * share, count)
    # All-positive pulses add up to a rumble that no real room has; the direct sound is not filtered.
    tail = sosfilt(butter(2, 80, "highpass", fs=rate, output="sos"), response[1:])
    return np.concatenate([response[:1], tail])


def reverberate(samples: Samples, room: Room, rate: int) -> Samples:
    """`samples` as the microphone in `room` hears them, at the same length and without delay."""
    heard = fftconvolve(samples.astype(np.float64), impulse_response(room, rate))[: len(samples)]
    return np.asarray(heard, dtype=np.float32)


def _triple(vector: Vector) -> tuple[float, float, float]:
    x, y, z = (float(value) for value in vector)
    return x, y, z
