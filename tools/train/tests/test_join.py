"""Several runs side by side in one network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors import safe_open

import oracle
from conftest import small_recipe
from edged_train import export, run
from edged_train.average import average
from edged_train.evaluation import Temperatures
from edged_train.join import join
from edged_train.problem import Problem
from edged_train.run import Trained
from edged_train.trainer import Trainer
from synthetic import BANDS

CPU = torch.device("cpu")
LENGTHS = torch.tensor([1, 2, 3, 38, 120])


def trained(prepared: Path, folder: Path, *, start: Path | None = None, **changes: Any) -> Path:
    Trainer(small_recipe(**changes), prepared, folder, CPU, start).train()
    return folder


def contexts() -> torch.Tensor:
    torch.manual_seed(5)
    return torch.randn(len(LENGTHS), int(LENGTHS.max()), BANDS)


def answer(of: Trained, features: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        logits: torch.Tensor = of.network(features, LENGTHS)
    return logits


def test_answer_is_the_mean_of_the_runs_answers(prepared: Path, tmp_path: Path):
    one = trained(prepared, tmp_path / "one")
    other = trained(prepared, tmp_path / "other", start=one, seed=3, network={"head_dropout": 0.1})
    join([one, other, one], tmp_path / "joined")

    features = contexts()
    first, second, found = (answer(run.load_trained(tmp_path / name), features) for name in ("one", "other", "joined"))
    assert (first - second).abs().max() > 1e-2
    torch.testing.assert_close(found, (2 * first + second) / 3, atol=1e-5, rtol=0)


def test_exported_it_answers_as_it_does_in_training(prepared: Path, tmp_path: Path):
    runs = [trained(prepared, tmp_path / str(seed), seed=seed) for seed in (0, 1)]
    join(runs, tmp_path / "joined")
    joined, path = run.load_trained(tmp_path / "joined"), tmp_path / "model.bin"
    export.export(joined, Temperatures(1.0, 1.0), {}, path)

    with safe_open(path, framework="np") as file:
        card = json.loads(file.metadata()["edge"])["provenance"]
    epochs = [run.load(folder / run.BEST)["epoch"] for folder in runs]
    assert card["joined"] == [f"{seed}, seed {seed}, epoch {epoch}" for seed, epoch in enumerate(epochs)]

    features = contexts()
    pairs = zip(features.numpy(), LENGTHS.tolist(), strict=True)
    expected = np.stack([oracle.logits(path, context[:length]) for context, length in pairs])
    np.testing.assert_allclose(answer(joined, features).numpy(), expected, atol=2e-4)


def test_another_standardization_is_folded_into_the_first_convolution(prepared: Path, tmp_path: Path):
    one = trained(prepared, tmp_path / "one")
    other = trained(prepared, tmp_path / "other", seed=1)
    checkpoint = run.load(other / run.BEST)
    mean, deviation = checkpoint["mean"] + 0.3, checkpoint["deviation"] * torch.linspace(0.5, 2, BANDS)
    run.save(other / run.BEST, checkpoint | {"mean": mean, "deviation": deviation})
    join([one, other], tmp_path / "joined")

    first, second, joined = (run.load_trained(tmp_path / name) for name in ("one", "other", "joined"))
    columns = 3 * contexts()
    # As long as the first convolution reads zeros for frames before the context, they stand for another mean.
    own, others = ((columns - of.feature_map.mean) / of.feature_map.deviation for of in (first, second))

    def rows(of: Trained, prefix: str, features: torch.Tensor) -> torch.Tensor:
        operators = of.network.operators
        with torch.inference_mode():
            convolved = operators[f"{prefix}conv0"](features)
            return operators[f"{prefix}norm0"](convolved.movedim(-1, 1)).movedim(1, -1)

    expected = rows(second, "", others)
    found = rows(joined, "trunk1_", own)
    torch.testing.assert_close(found[:, 2:], expected[:, 2:], atol=1e-4, rtol=0)
    assert (found[:, :2] - expected[:, :2]).abs().max() > 1e-2
    torch.testing.assert_close(rows(joined, "", own), rows(first, "", own))


def test_who_goes_on_from_a_joined_network_is_told_how_many_trunks_it_has(prepared: Path, tmp_path: Path):
    one = trained(prepared, tmp_path / "one")
    join([one, one], tmp_path / "joined")
    export.export(run.load_trained(tmp_path / "joined"), Temperatures(1.0, 1.0), {}, tmp_path / "model.bin")
    for start in (tmp_path / "joined", tmp_path / "model.bin"):
        with pytest.raises(Problem, match=r"cannot be gone on from without network\.trunks=2$"):
            trained(prepared, tmp_path / "further", start=start)


def test_a_joined_network_can_be_trained_on(prepared: Path, tmp_path: Path):
    one = trained(prepared, tmp_path / "one")
    join([one, one], tmp_path / "joined")
    trained(prepared, tmp_path / "further", start=tmp_path / "joined", network={"trunks": 2}, training={"epochs": 1})
    torch.testing.assert_close(run.load(tmp_path / "further" / run.BEST)["mean"], run.load(one / run.BEST)["mean"])

    # Its card goes on to name the members, over an average and over a model.bin too.
    names = run.load_trained(tmp_path / "joined").joined
    average([tmp_path / "further", tmp_path / "joined"], tmp_path / "mean")
    export.export(run.load_trained(tmp_path / "mean"), Temperatures(1.0, 1.0), {}, tmp_path / "model.bin")
    again = {"network": {"trunks": 2}, "training": {"epochs": 1}}
    last = run.load_trained(trained(prepared, tmp_path / "again", start=tmp_path / "model.bin", **again))
    assert len(names) == 2
    assert last.joined == names


def test_what_cannot_be_joined_is_refused(prepared: Path, tmp_path: Path):
    one = trained(prepared, tmp_path / "one")
    wider = trained(prepared, tmp_path / "wider", network={"hidden": small_recipe().network.hidden + 2})
    with pytest.raises(Problem, match="at least two"):
        join([one], tmp_path / "joined")
    with pytest.raises(Problem, match="at most 4"):
        join([one] * 5, tmp_path / "joined")
    with pytest.raises(Problem, match="another network"):
        join([one, wider], tmp_path / "joined")
    assert not (tmp_path / "joined").exists()
    join([one, one], tmp_path / "joined")
    with pytest.raises(Problem, match="exists already"):
        join([one, one], tmp_path / "joined")
    with pytest.raises(Problem, match="one trunk"):
        join([one, tmp_path / "joined"], tmp_path / "more")
    with pytest.raises(Problem, match=r"network\.trunks"):
        small_recipe(network={"trunks": 0})
    with pytest.raises(Problem, match=r"network\.trunks"):
        small_recipe(network={"trunks": 5})
