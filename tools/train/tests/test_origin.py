"""What a network began with goes on with it: data, licence and attribution."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

import oracle
from conftest import small_recipe
from edged_train import export, offsets, report, run
from edged_train.average import average
from edged_train.evaluation import Temperatures
from edged_train.join import join
from edged_train.trainer import Trainer

CPU = torch.device("cpu")

TERMS = {"data": "a corpus", "licence": "ODbL 1.0", "attribution": "Cao et al."}


def trained(prepared: Path, folder: Path, start: Path | None = None, **changes: Any) -> Path:
    settings = small_recipe(training={"epochs": 1}, **changes)
    Trainer(settings, prepared, folder, CPU, start).train()
    return folder


def named(folder: Path, **described: str) -> Path:
    """A run whose recipe says so of its data; the features need not know."""
    settings = run.read_recipe(folder)
    run.write_recipe(replace(settings, name="corpus-model", data=replace(settings.data, **described)), folder)
    return folder


def card(folder: Path) -> Any:
    """What its `model.bin`, beside the folder, says of its provenance."""
    path = folder.with_suffix(".bin")
    export.export(run.load_trained(folder), Temperatures(1.0, 1.0), {}, path)
    return oracle.read(path)[0]["provenance"]


@pytest.fixture
def shipped(prepared: Path, tmp_path: Path) -> Path:
    """A run of a corpus that has a licence, and `shipped.bin` beside it."""
    folder = named(
        trained(prepared, tmp_path / "shipped"), title="a corpus", licence="ODbL 1.0", attribution="Cao et al."
    )
    assert "began_with" not in card(folder)
    return folder


def test_licence_of_a_model_goes_on_through_all_that_is_made_of_it(prepared: Path, tmp_path: Path, shipped: Path):
    model = shipped.with_suffix(".bin")
    expected = {"corpus-model": TERMS | {"sha256": hashlib.sha256(model.read_bytes()).hexdigest()}}
    first = trained(prepared, tmp_path / "first", model)
    assert card(first)["began_with"] == expected
    assert card(trained(prepared, tmp_path / "second", first))["began_with"] == expected
    assert card(trained(prepared, tmp_path / "third", first.with_suffix(".bin")))["began_with"] == expected
    average([first, tmp_path / "second"], tmp_path / "mean")
    assert card(tmp_path / "mean")["began_with"] == expected
    plain = trained(prepared, tmp_path / "plain")
    join([plain, first], tmp_path / "joined")
    assert card(tmp_path / "joined")["began_with"] == expected
    held = trained(prepared, tmp_path / "held", data={"held_out": ["talker0"]})
    offsets.offset(first, [held], prepared, tmp_path / "moved", 1)
    assert card(tmp_path / "moved")["began_with"] == expected


def test_runs_and_teachers_are_named_by_their_recipes(prepared: Path, tmp_path: Path, shipped: Path):
    assert card(trained(prepared, tmp_path / "own", shipped))["began_with"] == {"corpus-model": TERMS}
    settings = small_recipe(training={"epochs": 1, "distillation": 0.5})
    Trainer(settings, prepared, tmp_path / "pupil", CPU, teachers=[shipped, tmp_path / "own"]).train()
    assert card(tmp_path / "pupil")["began_with"] == {"corpus-model": TERMS}
    average([trained(prepared, tmp_path / "plain", tmp_path / "own"), shipped], tmp_path / "mean")
    assert card(tmp_path / "mean")["began_with"] == {"corpus-model": TERMS}


def test_networks_of_one_name_are_told_apart_and_own_data_are_no_news(prepared: Path, tmp_path: Path, shipped: Path):
    other = named(trained(prepared, tmp_path / "other"), licence="CC BY 4.0")
    settings = small_recipe(training={"epochs": 1, "distillation": 0.5})
    own = trained(prepared, tmp_path / "own")
    Trainer(settings, prepared, tmp_path / "pupil", CPU, shipped, teachers=[shipped, other, own]).train()
    found = card(tmp_path / "pupil")["began_with"]
    assert found == {"corpus-model": TERMS, "corpus-model (2)": {"licence": "CC BY 4.0"}}


def test_an_interrupted_run_remembers_and_its_report_says_so(prepared: Path, tmp_path: Path, shipped: Path):
    folder = trained(prepared, tmp_path / "own", shipped)
    # Who continues a run need not say again what it began with.
    run.write_recipe(small_recipe(training={"epochs": 2}), folder)
    Trainer(small_recipe(training={"epochs": 2}), prepared, folder, CPU).train()
    assert run.load(folder / run.LAST)["epoch"] == 2
    assert run.load(folder / run.LAST)["began_with"] == run.load(folder / run.BEST)["began_with"] != []
    report.write(run.load_trained(folder), folder, prepared, 1, tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Began with, or was taught by, corpus-model: a corpus. ODbL 1.0. Cao et al." in page
