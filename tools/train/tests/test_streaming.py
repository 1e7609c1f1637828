"""What is right after so many seconds, and after so many segments of a talker."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from conftest import small_recipe
from edged_train import baseline, clips, run, scores, sessions, streaming
from edged_train.clips import ClipSet
from edged_train.run import Trained
from edged_train.trainer import Trainer
from synthetic import BANDS

RECIPE = small_recipe(recognition={"context_ms": 800, "baseline": {"segments": 3}}, training={"epochs": 6})


@pytest.fixture
def judged(prepared: Path, tmp_path: Path) -> tuple[Trained, ClipSet]:
    Trainer(RECIPE, prepared, tmp_path / "run", torch.device("cpu")).train()
    trained = run.load_trained(tmp_path / "run")
    return trained, clips.load_dev(RECIPE, prepared, 0, trained.centre.numpy())


def test_beginnings_are_the_first_frames_of_a_clip_over_all_its_contexts(judged: tuple[Trained, ClipSet]):
    _, dev = judged
    heard, _ = sessions.cold(RECIPE, dev, whole=False)  # contexts of 80 and 30 frames
    for frames, expected in ((50, [50]), (80, [80]), (95, [80, 15]), (400, [80, 30])):
        first = [context for context in sessions.beginnings(heard, frames) if context.clip == 0]
        assert [context.end - context.start for context in first] == expected
        assert first[0].start == heard[0].start


def test_past_segments_are_of_other_clips_of_the_same_talker(judged: tuple[Trained, ClipSet]):
    _, dev = judged
    means = dev.versions[0].segment_means
    for context in sessions.acquainted(RECIPE, dev, 1, np.random.default_rng(0)):
        mine = dev.clips[context.clip]
        others = [clip for clip, other in enumerate(dev.clips) if other.speaker == mine.speaker and other != mine]
        possible = [baseline.offset(means[other], dev.centre, 2) for other in others]
        assert min(np.abs(offset - context.offset).max() for offset in possible) < 1e-5
    for context in sessions.acquainted(RECIPE, dev, 50, np.random.default_rng(0)):
        mine = dev.clips[context.clip]
        others = [clip for clip, other in enumerate(dev.clips) if other.speaker == mine.speaker and other != mine]
        offset = baseline.offset(np.concatenate([means[other] for other in others]), dev.centre, 2)
        np.testing.assert_allclose(context.offset, offset, atol=1e-5)


def test_curves_end_where_the_plain_evaluation_is(judged: tuple[Trained, ClipSet]):
    trained, dev = judged
    found = streaming.stream(trained, dev, 2, 1.3)

    def logits(*orders: int | None) -> list[np.ndarray]:
        return [
            sessions.hear(RECIPE, trained.network, trained.feature_map, dev, whole=False, order=order).logits
            for order in orders
        ]

    def accuracy(*orders: int | None) -> float:
        return scores.score(RECIPE.classes, dev.labels, logits(*orders)).accuracy

    assert [point.heard_s for point in found.seconds] == list(streaming.SECONDS)
    assert found.seconds[-1].cold == pytest.approx(accuracy(None))
    assert found.seconds[-1].session == pytest.approx(accuracy(0, 1))
    confident = np.concatenate([_softmax(judged / 1.3).max(1) >= streaming.SAID_FROM for judged in logits(0, 1)])
    assert found.seconds[-1].said == pytest.approx(confident.mean())
    right = np.concatenate([judged.argmax(1) == dev.labels for judged in logits(0, 1)])
    assert found.seconds[-1].right == pytest.approx(right[confident].mean())
    assert found.seconds[-1].error == pytest.approx(scores.calibration_error(dev.labels, logits(0, 1), 1.3))
    assert [point.segments for point in found.acquaintances] == [0, 1, 2]  # the baseline remembers three
    assert found.acquaintances[0].accuracy == pytest.approx(accuracy(None))
    talking = [point.talking for point in found.seconds]
    assert talking == [1, 1, 0, 0, 0, 0]  # segments of 1.1 s
    assert len(dev.centre) == BANDS


def test_nothing_said_is_neither_right_nor_wrong():
    silent = streaming.Second(0.5, cold=0.25, session=0.75, talking=1, error=0, said=0, right=float("nan"))
    found = streaming.Streaming([silent], [])
    assert found.summary()["seconds_heard"][0]["right_of_said"] is None
    assert "nan" not in found.table() and "–" in found.table()


def test_unknown_begins_where_the_daemon_lets_it_begin():
    settings = Path(__file__).parents[3] / "systemd" / "edged.toml"
    assert f"#minimum_confidence = {streaming.SAID_FROM}\n" in settings.read_text(encoding="utf-8")


def _softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def test_table_and_document_say_the_same():
    second, known = (
        streaming.Second(0.5, cold=0.25, session=0.75, talking=1, error=0.0312, said=0.375, right=0.875),
        streaming.Acquaintance(5, 0.625),
    )
    both = streaming.Streaming([second], [known])
    assert both.summary()["seconds_heard"] == [
        {
            "seconds": 0.5,
            "cold": 25,
            "session": 75,
            "still_talking": 100,
            "calibration_error": 0.0312,
            "said": 37.5,
            "right_of_said": 87.5,
        }
    ]
    assert both.summary()["past_segments"] == [{"segments": 5, "accuracy": 62.5}]
    for figure in ("0.5", "25.00", "75.00", "100.00", "0.031", "37.50", "87.50", "5", "62.50"):
        assert figure in both.table()
