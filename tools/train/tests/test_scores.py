"""Figures are what their names say."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from conftest import small_recipe
from edged_train import evaluation, scores
from edged_train.evaluation import Condition, Outcome, Temperatures

CLASSES = ("angry", "sad", "neutral")


def one_hot(predicted: list[int]) -> np.ndarray:
    return np.eye(3, dtype=np.float32)[predicted] * 5


def test_accuracy_uar_precision_and_recall():
    labels = np.array([0, 0, 0, 1, 1, 2])
    score = scores.score(CLASSES, labels, [one_hot([0, 0, 1, 1, 2, 2])])
    assert score.accuracy == pytest.approx(4 / 6)
    np.testing.assert_allclose(score.recalls, [2 / 3, 1 / 2, 1])
    np.testing.assert_allclose(score.precisions, [1, 1 / 2, 1 / 2])
    assert score.uar == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)


def test_clip_without_speech_is_wrong():
    logits = one_hot([0, 1])
    logits[1] = np.nan
    score = scores.score(CLASSES, np.array([0, 1]), [logits])
    assert score.accuracy == 0.5
    assert score.confusion[1].tolist() == [0, 0, 0, 1]


def test_table_has_room_for_every_heading():
    names = ("angry", "sad", "rather_surprised_than_annoyed")
    score = scores.score(names, np.array([0, 1, 2]), [one_hot([0, 1, 2])])
    head, *rows = score.table().splitlines()
    assert head.split() == ["recall", "precision", "|", *names, "no", "speech"]
    assert [row.split()[0] for row in rows] == list(names)
    assert len({len(line) for line in (head, *rows)}) == 1 and len({line.index("|") for line in (head, *rows)}) == 1


def test_class_that_never_occurs_has_no_figures():
    summary = scores.score(CLASSES, np.array([0, 1]), [one_hot([0, 1])]).summary()
    assert summary["classes"]["neutral"] == {"precision": None, "recall": None, "f1": None}
    assert summary["uar"] == 100


def test_a_class_that_is_never_predicted_has_an_f1_of_zero():
    classes = scores.score(CLASSES, np.array([0]), [one_hot([1])]).summary()["classes"]
    assert classes["angry"] == {"precision": None, "recall": 0.0, "f1": 0.0}
    assert classes["sad"] == {"precision": 0.0, "recall": None, "f1": None}


@pytest.mark.parametrize("true_temperature", [0.5, 1.0, 3.0])
def test_temperature_is_recovered_and_calibrates(true_temperature: float):
    random = np.random.default_rng(0)
    logits = random.normal(0, 2, (20000, 3)).astype(np.float32)
    odds = np.exp(logits / true_temperature)
    cumulated = np.cumsum(odds / odds.sum(1, keepdims=True), axis=1)
    labels = (random.random((20000, 1)) > cumulated).sum(1).clip(max=2)
    found = scores.temperature(labels, [logits])
    assert found == pytest.approx(true_temperature, rel=0.08)
    assert scores.calibration_error(labels, [logits], found) < 0.02
    assert scores.calibration_error(labels, [logits], found * 4) > 0.1


def made(confidences: list[float], right: list[bool]) -> tuple[np.ndarray, np.ndarray]:
    """Labels and logits of two classes whose first one is said with these confidences."""
    logits = np.array([[np.log(c / (1 - c)), 0] for c in confidences], np.float32)
    return np.array([0 if r else 1 for r in right]), logits


def test_reliability_counts_what_is_right_among_what_is_as_sure():
    labels, logits = made([0.62, 0.66, 0.64, 0.91, 0.97], [True, False, True, True, True])
    low, high = scores.reliability(labels, [logits], 1)
    assert (low.count, high.count) == (3, 2)
    assert (low.accuracy, high.accuracy) == (pytest.approx(2 / 3), 1)
    assert (low.confidence, high.confidence) == (pytest.approx(0.64, abs=1e-6), pytest.approx(0.94, abs=1e-6))
    expected = 3 / 5 * abs(0.64 - 2 / 3) + 2 / 5 * 0.06
    assert scores.calibration_error(labels, [logits], 1) == pytest.approx(expected, abs=1e-6)


def test_coverage_falls_as_the_threshold_rises_and_counts_silent_clips_as_unsaid():
    labels, logits = made([0.55, 0.65, 0.75, 0.85], [False, True, False, True])
    silent = np.full((1, 2), np.nan, np.float32)
    points = scores.coverage(np.append(labels, 0), [np.concatenate([logits, silent])], 1)
    at = {round(point.threshold, 2): point for point in points}
    assert (at[0.5].said, at[0.5].accuracy) == (pytest.approx(0.8), pytest.approx(0.5))
    assert (at[0.6].said, at[0.6].accuracy) == (pytest.approx(0.6), pytest.approx(2 / 3))
    assert (at[0.8].said, at[0.8].accuracy) == (pytest.approx(0.2), pytest.approx(1))
    assert at[0.9].said == 0
    assert all(one.said >= other.said for one, other in itertools.pairwise(points))


def test_known_and_unknown_talkers_have_temperatures_of_their_own():
    random = np.random.default_rng(3)
    labels = random.integers(0, 3, 400)
    sure = (np.eye(3)[labels] * 4 + random.normal(0, 1, (400, 3))).astype(np.float32)
    unsure = (np.eye(3)[labels] * 2 + random.normal(0, 1.5, (400, 3))).astype(np.float32)
    louder = (np.eye(3)[labels] + random.normal(0, 30, (400, 3))).astype(np.float32)

    def outcome(logits: np.ndarray, in_sessions: bool, gain_db: float = 0) -> Outcome:
        condition = Condition(gain_db, whole=False, in_sessions=in_sessions)
        return Outcome(condition, labels, [logits], scores.score(("a", "b", "c"), labels, [logits]))

    alone, session, recipe = outcome(unsure, False), outcome(sure, True), small_recipe()
    found = evaluation.temperatures(recipe, [alone, session, outcome(louder, False, 12)])
    assert found.of(alone.condition) == found.unknown == round(scores.temperature(labels, [unsure]), 6)
    assert found.of(session.condition) == found.known == round(scores.temperature(labels, [sure]), 6) < found.unknown
    # The device takes no more than a factor of four, and knows nobody without a baseline.
    wide = evaluation.temperatures(recipe, [outcome(louder, False), session])
    assert wide.known == wide.unknown / 4
    forgetful = replace(recipe.recognition, baseline=replace(recipe.recognition.baseline, segments=0))
    nobody = evaluation.temperatures(replace(recipe, recognition=forgetful), [alone, session])
    assert nobody == Temperatures(found.unknown, found.unknown)
