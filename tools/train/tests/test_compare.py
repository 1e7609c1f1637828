"""Runs stand side by side with the figures of their own evaluations."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from conftest import small_recipe
from edged_train import compare, run
from edged_train.cli import main
from edged_train.recipe import Recipe

FIGURES = {
    "session, live path": {"accuracy": 70.0, "uar": 69.0, "calibration_error": 0.04},
    "cold, live path": {"accuracy": 60.0, "uar": 59.5},
    "cold, whole clips": {"accuracy": 61.0, "uar": 60.0},
}


def judged(folder: Path, settings: Recipe, split: str, gain: float = 0.0, made: tuple[str, ...] = ()) -> Path:
    """A run's folder as training and evaluation leave it."""
    folder.mkdir()
    run.write_recipe(settings, folder)
    run.save(folder / run.BEST, {"epoch": torch.tensor(7)})
    moved = {name: figures | {"accuracy": figures["accuracy"] + gain} for name, figures in FIGURES.items()}
    document = {"split": split, "parameters": 1234, "epoch": 7, "made": made, "figures": moved}
    (folder / run.FIGURES).write_text(json.dumps(document))
    return folder


def test_table_shows_every_run_and_the_mean_of_folds(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    settings = small_recipe(data={"split": "speaker", "folds": 2})
    other = small_recipe(name="other", data={"split": "random"})
    second = replace(settings, data=replace(settings.data, fold=1))
    folders = [
        judged(tmp_path / "a", settings, "speaker-disjoint, fold 0 of 2; 9 clips of 3 speakers train, 5 of 2 dev"),
        judged(tmp_path / "b", second, "speaker-disjoint, fold 1 of 2; 5 clips of 2 speakers train, 9 of 3 dev", 4.0),
        judged(tmp_path / "c", other, "random: 5 of the 5 dev speakers are also heard in training; 8 clips", 20.0),
    ]
    assert main(["compare", *map(str, folders), "--json", str(tmp_path / "table.json")]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == [
        "run",
        "recipe",
        "split",
        "parameters",
        "epoch",
        "session",
        "UAR",
        "cold",
        "cold",
        "UAR",
        "whole",
        "ECE",
    ]
    assert [row.split()[2] for row in rows[:3]] == ["speaker-disjoint", "speaker-disjoint", "random"]
    assert rows[2].split()[3:] == ["1234", "7", "90.00", "69.00", "80.00", "59.50", "81.00", "0.040"]
    assert rows[3].startswith("mean of 2") and "72.00 ± 2.83" in rows[3]
    assert len(rows) == 4
    documents = json.loads((tmp_path / "table.json").read_text())
    assert documents[1]["figures"]["session"] == 74
    assert documents[3]["spread"]["session"] == pytest.approx(2.8284)


def test_average_is_no_seed_of_the_runs_that_it_was_made_of(tmp_path: Path):
    settings, split = small_recipe(), "speaker-disjoint; 5 clips"
    other = replace(settings, seed=1)
    folders = [
        judged(tmp_path / "a", settings, split),
        judged(tmp_path / "b", other, split),
        judged(tmp_path / "mean", settings, split, made=("averaged 2",)),
        judged(tmp_path / "moved", settings, split, made=("averaged 2", "offsets")),
    ]
    assert [entry.run for entry in compare.compare(folders)[4:]] == ["mean of 2"]
    fold = replace(settings, data=replace(settings.data, fold=1))
    folders.append(judged(tmp_path / "mean of other folds", fold, split, made=("averaged 2",)))
    assert [entry.run for entry in compare.compare(folders)[5:]] == ["mean of 2", "mean of 2"]


def test_what_was_not_judged_as_it_is_now_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    folder = judged(tmp_path / "a", small_recipe(), "speaker-disjoint; 1")
    later = (folder / run.FIGURES).stat().st_mtime + 10
    os.utime(folder / run.BEST, (later, later))
    assert main(["compare", str(folder)]) == 1
    assert "was trained on after it was judged" in capsys.readouterr().err
    (folder / run.FIGURES).unlink()
    assert main(["compare", str(folder)]) == 1
    assert "has not been judged" in capsys.readouterr().err
    assert main(["compare", str(tmp_path)]) == 1
    assert "is not the folder of a run" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[1]", b'{"a": 1}', b'{"figures": [1]}'])
def test_figures_that_are_none_are_refused(tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]):
    folder = judged(tmp_path / "a", small_recipe(), "speaker-disjoint; 1")
    (folder / run.FIGURES).write_bytes(content)
    assert main(["compare", str(folder)]) == 1
    assert f"{folder / run.FIGURES} is damaged: run edged-train evaluate" in capsys.readouterr().err


def test_missing_figures_are_dashes(tmp_path: Path):
    folder = judged(tmp_path / "a", small_recipe(), "speaker-disjoint; 1")
    document = json.loads((folder / run.FIGURES).read_text())
    del document["figures"]["cold, whole clips"]
    (folder / run.FIGURES).write_text(json.dumps(document))
    assert compare.table(compare.compare([folder])).splitlines()[1].split()[-2] == "–"
