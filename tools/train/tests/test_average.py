"""The mean of runs that began with one another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

import oracle
from conftest import small_recipe
from edged_train import export, run
from edged_train.average import average
from edged_train.evaluation import Temperatures
from edged_train.problem import Problem
from edged_train.trainer import Trainer

CPU = torch.device("cpu")


def test_weights_are_the_mean_of_the_runs(prepared: Path, tmp_path: Path):
    Trainer(small_recipe(), prepared, tmp_path / "first", CPU).train()
    Trainer(
        small_recipe(training={"learning_rate": 0.02}), prepared, tmp_path / "second", CPU, tmp_path / "first"
    ).train()
    average([tmp_path / "first", tmp_path / "second"], tmp_path / "mean")

    one, other, mean = (run.load(tmp_path / name / run.BEST)["average"] for name in ("first", "second", "mean"))
    differing = 0
    for key, value in mean.items():
        if value.is_floating_point():
            assert torch.allclose(value, (one[key] + other[key]) / 2, atol=1e-6)
            differing += not torch.equal(one[key], other[key])
    assert differing > 0


def test_card_of_a_mean_names_its_members_instead_of_an_epoch(prepared: Path, tmp_path: Path):
    Trainer(small_recipe(), prepared, tmp_path / "first", CPU).train()
    average([tmp_path / "first", tmp_path / "first"], tmp_path / "mean")
    cards = []
    for name in ("first", "mean"):
        export.export(run.load_trained(tmp_path / name), Temperatures(1.0, 1.0), {}, tmp_path / "model.bin", "")
        cards.append(oracle.read(tmp_path / "model.bin")[0]["provenance"])
    assert "averaged" not in cards[0] and {"epoch", "seed"} <= set(cards[0])
    assert cards[1]["averaged"] == ["first", "first"] and not {"epoch", "seed"} & set(cards[1])


def test_run_is_named_by_its_folder_however_it_is_called(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    Trainer(small_recipe(training={"epochs": 1}), prepared, tmp_path / "first", CPU).train()
    monkeypatch.chdir(tmp_path / "first")
    average([Path(), Path("../first")], tmp_path / "mean")
    assert run.load_trained(tmp_path / "mean").averaged == ("first", "first")


def test_dropout_and_what_cut_the_clips_may_differ_and_a_run_named_twice_counts_twice(prepared: Path, tmp_path: Path):
    first, second, mean = (tmp_path / name for name in ("first", "second", "mean"))
    Trainer(small_recipe(), prepared, first, CPU).train()
    Trainer(small_recipe(network={"head_dropout": 0.1}), prepared, second, CPU, first).train()
    checkpoint = run.load(second / run.BEST)
    run.save(second / run.BEST, checkpoint | {"centre": checkpoint["centre"] + 0.1})
    average([first, first, second], mean)

    one, other, found = (run.load(folder / run.BEST) for folder in (first, second, mean))
    assert torch.equal(found["centre"], one["centre"])
    for key, value in found["average"].items():
        if value.is_floating_point():
            expected = (2 * one["average"][key] + other["average"][key]) / 3
            torch.testing.assert_close(value, expected, atol=1e-6, rtol=0)


def test_model_that_a_run_began_with_counts_like_the_run_that_it_was_exported_from(prepared: Path, tmp_path: Path):
    first, second = tmp_path / "first", tmp_path / "second"
    Trainer(small_recipe(), prepared, first, CPU).train()
    export.export(run.load_trained(first), Temperatures(1.0, 1.0), {}, tmp_path / "model.bin", "")
    Trainer(small_recipe(seed=1), prepared, second, CPU, tmp_path / "model.bin").train()
    average([second, tmp_path / "model.bin"], tmp_path / "mean")
    average([second, first], tmp_path / "same")
    one, other = (run.load(tmp_path / name / run.BEST)["average"] for name in ("mean", "same"))
    assert all(torch.allclose(value.float(), other[key].float(), atol=1e-6) for key, value in one.items())


def test_model_of_other_classes_has_no_mean_with_a_run_that_began_with_it(prepared: Path, tmp_path: Path):
    first, second = tmp_path / "first", tmp_path / "second"
    Trainer(small_recipe(), prepared, first, CPU).train()
    trained = run.load_trained(first)
    renamed = replace(trained, recipe=replace(trained.recipe, classes=("calm", *trained.recipe.classes[1:])))
    export.export(renamed, Temperatures(1.0, 1.0), {}, tmp_path / "model.bin", "")
    Trainer(small_recipe(), prepared, second, CPU, tmp_path / "model.bin").train()
    with pytest.raises(Problem, match="other classes|another classes"):
        average([second, tmp_path / "model.bin"], tmp_path / "mean")


def test_strangers_have_no_mean(prepared: Path, tmp_path: Path):
    Trainer(small_recipe(), prepared, tmp_path / "first", CPU).train()
    wider = small_recipe(network={"hidden": small_recipe().network.hidden + 2})
    Trainer(wider, prepared, tmp_path / "wider", CPU).train()
    with pytest.raises(Problem, match="another network"):
        average([tmp_path / "first", tmp_path / "wider"], tmp_path / "mean")
    stranger = run.load(tmp_path / "first" / run.BEST)
    (tmp_path / "stranger").mkdir()
    run.save(tmp_path / "stranger" / run.BEST, stranger | {"mean": stranger["mean"] + 1})
    run.write_recipe(small_recipe(), tmp_path / "stranger")
    with pytest.raises(Problem, match="does not descend"):
        average([tmp_path / "first", tmp_path / "stranger"], tmp_path / "mean")
    assert not (tmp_path / "mean").exists()
