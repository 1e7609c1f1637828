"""Training learns, can be interrupted, and never mixes recipes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from conftest import small_recipe
from edged_train import corpus, export, run
from edged_train.evaluation import Temperatures
from edged_train.problem import Problem
from edged_train.trainer import Trainer

CPU = torch.device("cpu")


def log(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def test_learns_what_the_features_tell(prepared: Path, tmp_path: Path):
    trainer = Trainer(small_recipe(training={"epochs": 12}), prepared, tmp_path / "run", CPU)
    trainer.train()
    assert trainer.best > 0.9


def test_interrupted_run_goes_on_as_if_nothing_had_been(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    recipe = small_recipe()
    Trainer(recipe, prepared, tmp_path / "through", CPU).train()
    # Where there is no terminal for a bar, every evaluation has a line.
    assert [line.split(":")[0] for line in capsys.readouterr().err.splitlines()] == [
        f"epoch {n}/4" for n in (1, 2, 3, 4)
    ]

    interrupted = Trainer(recipe, prepared, tmp_path / "resumed", CPU)
    save = run.save

    # The worst moment: the third epoch is trained and judged, and its checkpoint not yet written.
    def stop_in_the_third_epoch(path: Path, checkpoint: dict) -> None:
        if checkpoint["epoch"] == 3 and path.name == run.LAST:
            raise KeyboardInterrupt
        save(path, checkpoint)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(run, "save", stop_in_the_third_epoch)
        interrupted.train()
    capsys.readouterr()
    Trainer(recipe, prepared, tmp_path / "resumed", CPU).train()
    assert capsys.readouterr().err.startswith("continues after epoch 2 of 4\nepoch 3/4: ")

    assert log(tmp_path / "through") == log(tmp_path / "resumed")
    one, other = (run.load(tmp_path / name / run.LAST) for name in ("through", "resumed"))
    assert one["average"].keys() == other["average"].keys()
    assert all(torch.equal(one["average"][key], other["average"][key]) for key in one["average"])


def test_examples_count_in_the_loss_as_they_weigh(prepared: Path, tmp_path: Path):
    trainer = Trainer(small_recipe(augmentation={"mixup": 0.0}), prepared, tmp_path / "run", CPU)
    random = np.random.default_rng(0)
    batch = next(trainer.batches.render(trainer.batches.epoch(random), random))
    trainer.network.eval()
    answers = trainer.network(batch.features, batch.lengths).log_softmax(1)
    losses = -(batch.targets * answers).sum(1).detach()
    weights = torch.tensor([1.0, 3.0] + [0.0] * (len(losses) - 2))
    loss = trainer._backward(replace(batch, weights=weights), batch.targets, 1.0)
    assert loss == pytest.approx(float(losses[0] + 3 * losses[1]) / 4, rel=1e-5)
    assert loss != pytest.approx(float(losses.mean()), rel=1e-3)


def test_stops_when_the_dev_clips_stop_improving(prepared: Path, tmp_path: Path):
    recipe = small_recipe(training={"epochs": 40, "patience": 2, "learning_rate": 1e-12})
    trainer = Trainer(recipe, prepared, tmp_path / "run", CPU)
    trainer.train()
    assert trainer.epoch < 6


def test_best_checkpoint_is_kept_and_can_judge(prepared: Path, tmp_path: Path):
    trainer = Trainer(small_recipe(), prepared, tmp_path / "run", CPU)
    trainer.train()
    trained = run.load_trained(tmp_path / "run")
    assert trained.epoch == trainer.best_epoch
    assert max(entry["session"] for entry in log(tmp_path / "run")) == pytest.approx(100 * trainer.best, abs=0.01)
    assert not trained.network.training


def test_folder_of_another_recipe_is_refused(prepared: Path, tmp_path: Path):
    Trainer(small_recipe(), prepared, tmp_path / "run", CPU)
    with pytest.raises(Problem, match="another recipe"):
        Trainer(small_recipe(training={"epochs": 5}), prepared, tmp_path / "run", CPU)


def test_features_of_another_front_end_are_refused(prepared: Path, tmp_path: Path):
    with pytest.raises(Problem, match="another front_end"):
        Trainer(small_recipe(front_end={"fmin": 80.0}), prepared, tmp_path / "run", CPU)


def test_what_an_unfinished_folder_lacks_is_named(prepared: Path, tmp_path: Path):
    (prepared / "train-01.safetensors").unlink()
    with pytest.raises(Problem, match="lacks train-01.safetensors: run `edged-train prepare` on it"):
        Trainer(small_recipe(), prepared, tmp_path / "run", torch.device("cpu"))


def test_damaged_checkpoint_is_refused_in_one_sentence(prepared: Path, tmp_path: Path):
    trainer = Trainer(small_recipe(), prepared, tmp_path / "run", CPU)
    (tmp_path / "run" / run.LAST).write_bytes(b"damaged")
    with pytest.raises(Problem, match="cannot read the checkpoint"):
        trainer.train()


def test_run_begins_with_the_network_of_another(prepared: Path, tmp_path: Path):
    first = Trainer(small_recipe(), prepared, tmp_path / "first", CPU)
    first.train()
    # No step is large enough to change anything, whatever drops out.
    gentle = small_recipe(training={"epochs": 1, "learning_rate": 1e-12}, network={"head_dropout": 0.5})
    second = Trainer(gentle, prepared, tmp_path / "second", CPU, tmp_path / "first")
    second.train()
    best, gone_on = run.load_trained(tmp_path / "first"), run.load_trained(tmp_path / "second")
    for name, value in best.network.named_parameters():
        torch.testing.assert_close(gone_on.network.get_parameter(name), value, atol=1e-6, rtol=0)
    torch.testing.assert_close(gone_on.feature_map.mean, best.feature_map.mean)


def test_run_does_not_begin_with_a_network_of_another_shape(prepared: Path, tmp_path: Path):
    Trainer(small_recipe(), prepared, tmp_path / "first", CPU).train()
    with pytest.raises(Problem, match="another front end or network"):
        Trainer(small_recipe(network={"channels": 16}), prepared, tmp_path / "second", CPU, tmp_path / "first")


def test_rate_falls_on_a_plateau_and_an_interrupted_run_remembers_it(prepared: Path, tmp_path: Path):
    # Nothing is learnt, so every evaluation after the first is on a plateau.
    settings = {"epochs": 6, "learning_rate": 1e-12, "schedule": "plateau", "plateau": 2, "plateau_factor": 0.1}
    recipe = small_recipe(training=settings | {"average": 0.0}, evaluation={"protocol": "whole"})
    trainer = Trainer(recipe, prepared, tmp_path / "run", CPU)
    trainer.train()
    assert trainer.reduction == pytest.approx(0.01) and trainer.best_epoch == 1
    assert trainer.optimizer.param_groups[0]["lr"] == pytest.approx(1e-14)
    resumed = Trainer(recipe, prepared, tmp_path / "run", CPU)
    resumed.train()
    assert (resumed.reduction, resumed.waited) == (trainer.reduction, trainer.waited)


def test_best_of_the_whole_protocol_is_that_of_whole_clips(prepared: Path, tmp_path: Path):
    recipe = small_recipe(evaluation={"protocol": "whole"})
    trainer = Trainer(recipe, prepared, tmp_path / "run", CPU)
    trainer.train()
    assert max(entry["whole"] for entry in log(tmp_path / "run")) == pytest.approx(100 * trainer.best, abs=0.01)


def test_network_of_listed_layers_learns(prepared: Path, tmp_path: Path):
    listed = [
        {"op": "window", "frames": 180},
        {"op": "conv1d", "output": 8, "kernel": 3},
        {"op": "relu"},
        {"op": "batch_norm"},
        {"op": "max_pool", "kernel": 2},
        {"op": "lstm", "output": 8},
        {"op": "mean_pool"},
    ]
    network = {"kind": "layers", "layers": listed}
    whole = {"whole_share": 1.0, "cold_share": 1.0}
    recipe = small_recipe(
        network=network, segmentation=whole, training={"epochs": 24}, evaluation={"protocol": "whole"}
    )
    trainer = Trainer(recipe, prepared, tmp_path / "run", CPU)
    trainer.train()
    assert trainer.best > 0.9


def test_seed_decides_the_weights(prepared: Path, tmp_path: Path):
    weights = []
    for name, seed in (("one", 0), ("again", 0), ("other", 1)):
        # What was prepared with one seed may be trained with another.
        settings = small_recipe(training={"epochs": 2})
        Trainer(replace(settings, seed=seed), _seeded(prepared, seed), tmp_path / name, CPU).train()
        weights.append(run.load(tmp_path / name / run.LAST)["average"])
    one, again, other = weights
    assert all(torch.equal(one[key], again[key]) for key in one)
    assert any(not torch.equal(one[key], other[key]) for key in one)


def _seeded(prepared: Path, seed: int) -> Path:
    path = prepared / "prepared.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"seed": seed}))
    return prepared


def test_log_holds_the_curves_of_both_parts(prepared: Path, tmp_path: Path):
    Trainer(small_recipe(training={"epochs": 12}), prepared, tmp_path / "run", CPU).train()
    entries = log(tmp_path / "run")
    assert entries[-1]["loss"] < entries[0]["loss"]
    assert entries[-1]["dev_loss"] < entries[0]["dev_loss"]
    assert entries[-1]["rate"] < entries[3]["rate"]


def test_run_begins_with_an_exported_model(prepared: Path, tmp_path: Path):
    Trainer(small_recipe(), prepared, tmp_path / "first", CPU).train()
    best = run.load_trained(tmp_path / "first")
    export.export(best, Temperatures(1, 1), {}, tmp_path / "model.bin")
    gentle = small_recipe(training={"epochs": 1, "learning_rate": 1e-12})
    from_model = Trainer(gentle, prepared, tmp_path / "second", CPU, tmp_path / "model.bin")
    from_run = Trainer(gentle, prepared, tmp_path / "third", CPU, tmp_path / "first")
    weights, expected = (trainer.network.state_dict() for trainer in (from_model, from_run))
    for name, value in expected.items():
        if not name.endswith("num_batches_tracked"):
            torch.testing.assert_close(weights[name], value)
    torch.testing.assert_close(from_model.feature_map.deviation, best.feature_map.deviation)
    with pytest.raises(Problem, match="another size of .* than the recipe"):
        Trainer(small_recipe(network={"channels": 16}), prepared, tmp_path / "x", CPU, tmp_path / "model.bin")
    with pytest.raises(Problem, match="another front end or network"):
        Trainer(small_recipe(network={"dilations": [1, 1]}), prepared, tmp_path / "y", CPU, tmp_path / "model.bin")
    with pytest.raises(Problem, match=r"nor a model\.bin"):
        Trainer(small_recipe(), prepared, tmp_path / "z", CPU, prepared / "clips.tsv")
    assert not any((tmp_path / name).exists() for name in "xyz")


@pytest.mark.parametrize("from_model", [False, True])
def test_other_classes_take_all_layers_but_the_last(prepared: Path, tmp_path: Path, from_model: bool):
    Trainer(small_recipe(training={"epochs": 1}), prepared, tmp_path / "first", CPU).train()
    best = run.load_trained(tmp_path / "first")
    export.export(best, Temperatures(1, 1), {}, tmp_path / "model.bin")
    others = small_recipe(classes=["angry", "sad", "calm"], training={"epochs": 1})
    first, *rest = corpus.read(prepared / "clips.tsv")
    corpus.write([replace(first, label="calm"), *rest], prepared / "clips.tsv")
    start = tmp_path / ("model.bin" if from_model else "first")
    begun = Trainer(others, prepared, tmp_path / "second", CPU, start).network.state_dict()
    fresh = Trainer(others, prepared, tmp_path / "third", CPU).network.state_dict()
    for name, value in best.network.state_dict().items():
        if name.startswith("operators.logits."):
            torch.testing.assert_close(begun[name], fresh[name])
        elif not name.endswith("num_batches_tracked"):
            torch.testing.assert_close(begun[name], value)


def test_a_network_that_leaves_nothing_of_a_segment_is_named_where_the_loss_is_no_number(
    prepared: Path, tmp_path: Path
):
    layers = [{"op": "max_pool", "kernel": 20}, {"op": "max_pool", "kernel": 19}, {"op": "mean_pool"}]
    recipe = small_recipe(network={"kind": "layers", "layers": layers})
    with pytest.raises(Problem, match=r"not finite in epoch 1; lower .* whose pooling leaves a row of the shortest"):
        Trainer(recipe, prepared, tmp_path / "run", CPU).train()
