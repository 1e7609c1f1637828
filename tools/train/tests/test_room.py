"""Rooms sound as their walls and their reverberation time say."""

from __future__ import annotations

import numpy as np
import pytest

from edged_train import room
from edged_train.room import SOUND_SPEED, Room

RATE = 16000


def decay_s(response: np.ndarray) -> float:
    """Time to fall by 60 dB, from the slope between −5 and −25 dB of Schroeder's integral."""
    energy = np.cumsum(response[::-1] ** 2)[::-1]
    level = 10 * np.log10(energy / energy[0] + 1e-12)
    start, end = int(np.argmax(level < -5)), int(np.argmax(level < -25))
    return 3 * (end - start) / RATE


@pytest.mark.parametrize("rt60", [0.25, 0.5, 0.8])
def test_sound_dies_away_in_the_reverberation_time(rt60: float):
    response = room.impulse_response(Room((5.2, 4.1, 2.9), (2.0, 1.7, 1.6), (4.1, 3.0, 1.2), rt60), RATE)
    # Equal walls of a box do not mix sound as evenly as Eyring's formula supposes.
    assert decay_s(response[1:]) == pytest.approx(rt60, rel=0.3)


def test_direct_sound_comes_first_and_the_floor_and_ceiling_where_geometry_says():
    heard = Room((20.0, 20.0, 4.0), (9.0, 10.0, 1.5), (10.0, 10.0, 1.5), 1.5)
    response = room.impulse_response(heard, RATE)
    assert response[0] == pytest.approx(1)
    for mirrored_at in (-1.5, 6.5):  # in the floor, in the ceiling
        distance = np.hypot(1, mirrored_at - 1.5)
        delay = (distance - 1) / SOUND_SPEED * RATE
        around = response[int(delay) - 1 : int(delay) + 3]
        # The high-pass takes a little off each pulse.
        assert around.sum() == pytest.approx(heard.reflection / distance, rel=0.1)
    assert np.abs(response[1:95]).max() < 0.02


def test_walls_that_swallow_everything_leave_the_direct_sound(random_samples: np.ndarray):
    dry = Room((5.0, 4.0, 3.0), (2.0, 2.0, 1.5), (3.0, 2.0, 1.5), 0.01)
    heard = room.reverberate(random_samples, dry, RATE)
    assert np.abs(heard - random_samples).max() < 0.01 * np.abs(random_samples).max()


def test_drawn_rooms_have_talker_and_microphone_inside_and_near(random_samples: np.ndarray):
    random = np.random.default_rng(0)
    for _ in range(300):
        drawn = room.draw(random, 0.4)
        for place in (drawn.talker, drawn.microphone):
            assert all(0.2 < at < length - 0.2 for at, length in zip(place, drawn.size, strict=True))
        assert 0.2 < np.linalg.norm(np.subtract(drawn.talker, drawn.microphone)) < 1.6
    heard = room.reverberate(random_samples, drawn, RATE)
    assert heard.dtype == np.float32 and len(heard) == len(random_samples)


def test_no_drawn_room_has_sound_before_the_direct_one():
    for seed in range(300):
        response = room.impulse_response(room.draw(np.random.default_rng(seed), 0.03), RATE)
        assert response[0] == pytest.approx(1)


@pytest.fixture
def random_samples() -> np.ndarray:
    return np.random.default_rng(1).normal(0, 0.1, 8000).astype(np.float32)
