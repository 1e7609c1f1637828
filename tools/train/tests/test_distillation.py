"""A pupil learns what its teachers answer on average, whatever their inputs' standardization."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from conftest import small_recipe
from edged_train import run
from edged_train.distillation import Teachers
from edged_train.problem import Problem
from edged_train.trainer import STANDARDIZATION_BATCHES, Trainer

CPU = torch.device("cpu")


@pytest.fixture
def taught(prepared: Path, tmp_path: Path) -> list[Path]:
    """Two runs of different seeds."""
    folders = [tmp_path / f"teacher-{seed}" for seed in (1, 2)]
    for seed, folder in enumerate(folders, 1):
        Trainer(small_recipe(seed=seed, training={"epochs": 12}), prepared, folder, CPU).train()
    return folders


def test_targets_are_the_labels_and_the_teachers_mean_answer(prepared: Path, tmp_path: Path, taught: list[Path]):
    recipe = small_recipe(training={"distillation": 0.6})
    trainer = Trainer(recipe, prepared, tmp_path / "pupil", CPU, teachers=taught)
    random = run.seed_everything(5)
    trainer.feature_map.fit(trainer.batches.contexts(random, STANDARDIZATION_BATCHES))
    trainer.teachers.hear(trainer.feature_map)
    batch = next(trainer.batches.render(trainer.batches.epoch(random), random))
    # Undone by hand: from the pupil's numbers to columns, and on to each teacher's own.
    columns = batch.features * trainer.feature_map.deviation + trainer.feature_map.mean
    answers = []
    for folder in taught:
        own = run.load_trained(folder)
        standardized = (columns - own.feature_map.mean) / own.feature_map.deviation
        answers.append(own.network(standardized, batch.lengths).softmax(1))
    expected = 0.4 * batch.targets + 0.6 * (answers[0] + answers[1]) / 2
    torch.testing.assert_close(trainer.teachers.targets(batch), expected, atol=1e-5, rtol=1e-4)
    assert not torch.allclose(expected, batch.targets, atol=1e-3)
    # Where there is something cleaner, or more of it, that is what they answer to.
    degraded = replace(batch, features=batch.features * 0 + 1, lengths=batch.lengths // 2)
    torch.testing.assert_close(trainer.teachers.targets(degraded), expected, atol=1e-5, rtol=1e-4)


def test_a_pupil_learns_from_its_teachers_where_labels_say_nothing(prepared: Path, tmp_path: Path, taught: list[Path]):
    for folder in taught:
        _make_certain(folder)
    recipe = small_recipe(training={"epochs": 16, "distillation": 0.9, "label_smoothing": 1.0})
    pupil = Trainer(recipe, prepared, tmp_path / "pupil", CPU, teachers=taught)
    pupil.train()
    assert pupil.best > 0.9


def _make_certain(folder: Path) -> None:
    """Draws a teacher's answers apart: a few epochs leave them near one half."""
    checkpoint = run.load(folder / run.BEST)
    for key, value in checkpoint["average"].items():
        if key.startswith("operators.logits."):
            value *= 10
    run.save(folder / run.BEST, checkpoint)


def test_a_share_without_teachers_and_teachers_without_a_share_are_refused(taught: list[Path]):
    with pytest.raises(Problem, match="need one another"):
        Teachers([], small_recipe(training={"distillation": 0.5}), CPU)
    with pytest.raises(Problem, match="need one another"):
        Teachers(taught, small_recipe(), CPU)


def test_a_teacher_of_other_classes_is_refused(taught: list[Path]):
    recipe = small_recipe(training={"distillation": 0.5}, classes=["calm", "surprise"])
    with pytest.raises(Problem, match="other classes"):
        Teachers(taught, recipe, CPU)
