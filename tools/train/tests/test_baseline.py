"""The talker's baseline is what RECOGNITION defines and what the device subtracts."""

from __future__ import annotations

import numpy as np
import pytest

from edged_train import baseline


def test_offset_is_the_definition():
    past = np.array([[1, 2], [3, 6], [5, 1]], np.float32)
    mean = np.array([2, 1], np.float32)
    expected = [(1 + 3 + 5 + 2 * 2) / 5 - 2, (2 + 6 + 1 + 2 * 1) / 5 - 1]
    np.testing.assert_allclose(baseline.offset(past, mean, 2), expected, rtol=1e-6)


def test_unknown_talker_has_none():
    nothing = np.empty((0, 4), np.float32)
    np.testing.assert_array_equal(baseline.offset(nothing, np.full(4, 9, np.float32), 2), np.zeros(4))


@pytest.mark.parametrize("n", [1, 2, 5, 20])
def test_gain_of_a_session_is_cancelled_by_its_known_share(n: int):
    random = np.random.default_rng(0)
    past = random.normal(10, 1, (n, 4)).astype(np.float32)
    mean = np.full(4, 10, np.float32)
    louder = baseline.offset(past + 3, mean, 2) - baseline.offset(past, mean, 2)
    np.testing.assert_allclose(louder, 3 * baseline.known_share(n, 2), rtol=1e-5)
