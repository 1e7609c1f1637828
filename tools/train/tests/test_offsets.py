"""What classes lack is found from judgements, whatever a group's temperature and mix of classes."""

from __future__ import annotations

import numpy as np
import pytest

from edged_train.offsets import Unheard, fit

TRUE = np.array([0.6, -0.4, -0.2])


def group(random: np.random.Generator, temperature: float, shares: list[float]) -> Unheard:
    """Labels that softmax(logits / temperature + TRUE) has of equally frequent classes, then resampled to `shares`."""
    logits = random.normal(0, 1.5, (60_000, 3)) * temperature
    odds = np.exp(logits / temperature + TRUE)
    odds /= odds.sum(1, keepdims=True)
    labels = (odds.cumsum(1) > random.random((len(odds), 1))).argmax(1)
    kept = random.random(len(labels)) < np.array(shares)[labels]
    return Unheard(labels[kept], logits[kept])


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_what_was_lacking_is_found(temperature: float):
    one = group(np.random.default_rng(0), temperature, [1, 1, 1])
    # Labels of the classes are not equally frequent here, so weighing them equally takes their share away again.
    shares = np.log(np.bincount(one.labels) / len(one.labels))
    expected = TRUE - shares
    found = fit([one])
    np.testing.assert_allclose(found / temperature, expected - expected.mean(), atol=0.05)


def test_a_class_that_occurs_more_often_is_not_preferred():
    even, uneven = (group(np.random.default_rng(1), 1.0, shares) for shares in ([1, 1, 1], [1, 0.3, 0.6]))
    np.testing.assert_allclose(fit([even]), fit([uneven]), atol=0.06)


def test_groups_of_any_temperature_weigh_the_same():
    random = np.random.default_rng(2)
    sure, unsure = group(random, 2.0, [1, 1, 1]), group(random, 1.0, [0.1, 0.1, 0.1])
    both, alone, other = fit([sure, unsure]), fit([sure]), fit([unsure])
    assert both.mean() == pytest.approx(0, abs=1e-6)
    assert (np.minimum(alone, other) - 0.05 < both).all() and (both < np.maximum(alone, other) + 0.05).all()


def test_offsets_raise_the_recall_of_who_lacks_them():
    random = np.random.default_rng(3)
    logits = random.normal(0, 0.7, (3000, 3))
    labels = np.arange(3000) % 3
    logits[np.arange(3000), labels] += 1.5
    lacking = Unheard(labels, logits - np.array([1.0, 0, 0]))
    found = fit([lacking])
    np.testing.assert_allclose(found, [2 / 3, -1 / 3, -1 / 3], atol=0.1)
    assert lacking.recall(found) > lacking.recall(np.zeros(3)) + 0.05
