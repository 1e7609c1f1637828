"""The commands, from sound to `model.bin`, with a stand-in for the device's front end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open
from tones import prepare

import oracle
from edged_train import account, clips
from edged_train.cli import main
from edged_train.recipe import load as load_recipe
from edged_train.run import load_trained


def test_from_sound_to_model(world: Path, capsys: pytest.CaptureFixture[str]):
    folder, prepared = str(world / "run"), str(world / "prepared")
    assert prepare(world) == 0
    assert main(["train", str(world / "recipe.toml"), "--prepared", prepared, "--run", folder]) == 0
    shown = ["--streaming", "--json", str(world / "figures.json")]
    assert main(["evaluate", folder, "--prepared", prepared, *shown]) == 0
    assert main(["export", folder, "--prepared", prepared, "-o", str(world / "model.bin")]) == 0

    figures = json.loads((world / "figures.json").read_text())
    conditions = ["cold, live path", "session, live path", "session, whole clips", "session, live path, -12 dB"]
    assert set(conditions) <= set(figures)
    assert np.sum(figures["cold, live path"]["confusion"]) == 6
    assert np.sum(figures["session, live path"]["confusion"]) == 12
    assert len(figures.pop("streaming")["past_segments"]) == 6
    edge, _ = oracle.read(world / "model.bin")
    assert edge["provenance"]["accuracy"] == figures
    assert edge["provenance"]["licence"] == "none"
    assert main(["compare", folder]) == 0
    printed = capsys.readouterr().out
    assert printed.splitlines()[-1].split()[5] == f"{figures['session, live path']['accuracy']:.2f}"
    assert f"{figures['session, live path']['accuracy']:.2f}" in printed


def test_one_preparation_serves_all_folds(world: Path, capsys: pytest.CaptureFixture[str]):
    recipe, prepared = str(world / "recipe.toml"), str(world / "prepared")
    folds = ["--set", "data.folds=3", "--set", "data.split='speaker'", "--set", "training.epochs=1"]
    assert prepare(world, *folds) == 0
    assert (world / "calls").read_text().split() == ["18", "18", "18"]
    held: list[str] = []
    for fold in range(3):
        run = str(world / f"run{fold}")
        choice = [*folds, "--set", f"data.fold={fold}"]
        assert main(["train", recipe, *choice, "--prepared", prepared, "--run", run]) == 0
        assert main(["evaluate", run, "--prepared", prepared, "--json", str(world / "figures.json")]) == 0
        assert f"speaker-disjoint, fold {fold} of 3; 12 clips of 2 speakers train" in capsys.readouterr().out
        figures = json.loads((world / "figures.json").read_text())
        assert np.sum(figures["cold, live path"]["confusion"]) == 6
        assert np.sum(figures["cold, live path, -12 dB"]["confusion"]) == 6
        dev = clips.load_dev(load_recipe(world / "recipe.toml", choice[1::2]), world / "prepared", 0, np.zeros(8))
        held += [clip.speaker for clip in dev.clips]
    assert {name: held.count(name) for name in held} == {"talker0": 6, "talker1": 6, "talker2": 6}


def plain_and_held(world: Path) -> tuple[str, str, list[str]]:
    """Two trained runs, of which the second held a speaker out, and the options that made it do so."""
    recipe, prepared = str(world / "recipe.toml"), str(world / "prepared")
    assert prepare(world) == 0
    plain, held = str(world / "plain"), str(world / "held")
    assert main(["train", recipe, "--prepared", prepared, "--run", plain]) == 0
    other = ["--set", 'data.held_out=["talker1"]', "--set", "evaluation.gains_db=[]"]
    assert main(["train", recipe, *other, "--prepared", prepared, "--run", held]) == 0
    return plain, held, other


def test_what_is_done_around_a_trained_network_can_be_set_and_nothing_else(
    world: Path, capsys: pytest.CaptureFixture[str]
):
    prepared, moved = str(world / "prepared"), str(world / "moved")
    plain, held, _ = plain_and_held(world)
    fewer = ["--set", "recognition.baseline.segments=1"]
    assert main(["offset", plain, "--held-out", held, "--prepared", prepared, "-o", moved, *fewer]) == 0
    assert load_trained(world / "moved").recipe.recognition.baseline.segments == 1
    assert load_trained(world / "plain").recipe.recognition.baseline.segments == 20

    def exported(folder: str, *more: str) -> Any:
        assert main(["export", folder, "--prepared", prepared, "-o", str(world / "model.bin"), *more]) == 0
        return oracle.read(world / "model.bin")[0]["recognition"]["baseline"]["segments"]

    assert [exported(moved), exported(plain), exported(plain, "--set", "recognition.baseline.segments=3")] == [1, 20, 3]
    capsys.readouterr()
    wrong = ("baseline.segments=none", "baseline.depth=3", "baseline.segments=65", "baseline.prior=0", "context_ms.x=3")
    for setting in ("network.hidden=3", *(f"recognition.{key}" for key in wrong)):
        assert main(["export", plain, "--prepared", prepared, "-o", str(world / "no.bin"), "--set", setting]) == 1
    refused = capsys.readouterr().err.splitlines()
    assert "keys of recognition alone can be set" in refused[0]
    assert "is not a TOML value" in refused[1] and "unknown key recognition.baseline.depth" in refused[2]
    assert "must lie in 0…64" in refused[3] and "must lie in 1…64" in refused[4]
    assert "context_ms is no section" in refused[5]
    assert not (world / "no.bin").exists()


def test_what_a_file_is_called_commands_no_terminal(world: Path, capsys: pytest.CaptureFixture[str]):
    (world / "clips.tsv").write_text("path\tlabel\n\x1b[31m\u202egood.wav\tsad\n")
    assert prepare(world) == 1
    said = capsys.readouterr().err
    assert "\ufffd[31m\ufffdgood.wav" in said and "\x1b" not in said and said.count("\n") == 1


def test_offsets_come_from_runs_that_held_speakers_out(world: Path, capsys: pytest.CaptureFixture[str]):
    prepared, moved = str(world / "prepared"), str(world / "moved")
    plain, held, other = plain_and_held(world)
    assert main(["evaluate", held, "--prepared", prepared]) == 0
    assert "held out by name; 6 clips of 1 speakers train, 6 of 1 dev" in capsys.readouterr().out
    dev = clips.load_dev(load_recipe(world / "recipe.toml", other[1::2]), world / "prepared", 0, np.zeros(8))
    assert {clip.speaker for clip in dev.clips} == {"talker1"}

    command = ["offset", plain, "--held-out", held, "--prepared", prepared, "-o", moved]
    assert main(command) == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in printed[:2]] == ["angry", "sad"]
    assert printed[-2].startswith("talker's bias: variance ") and ", prior " in printed[-2]
    assert printed[-1] == f"{moved}: {plain} with offsets, and what a talker's bias is measured against"
    assert main(["evaluate", moved, "--prepared", prepared]) == 0
    assert main(["evaluate", plain, "--prepared", prepared]) == 0
    assert main(["compare", plain, moved]) == 0
    assert "mean of" not in capsys.readouterr().out
    assert main(["export", moved, "--prepared", prepared, "-o", str(world / "model.bin")]) == 0
    with safe_open(world / "model.bin", framework="np") as file:
        document = json.loads(file.metadata()["edge"])
        means = file.get_tensor("bias.means")
    assert set(document["provenance"]["offsets"]) == {"angry", "sad"}
    bias = load_trained(world / "moved").bias
    assert bias is not None
    assert document["recognition"]["bias"] == {
        "segments": 20,
        "prior": bias.prior,
        "variance": bias.variance,
        "means": "bias.means",
    }
    np.testing.assert_allclose(means, bias.means, rtol=1e-6)
    assert main(command) == 1
    assert "exists already" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main([*command, "--orders", "0"])


def test_a_reader_that_leaves_is_no_error():
    program = """
import sys
from edged_train import cli
cli._evaluate = lambda options: print("figure\\n" * 100_000)
sys.exit(cli.main(["evaluate", "run", "--prepared", "prepared"]))
"""
    read, write = os.pipe()
    os.close(read)
    ended = subprocess.run(
        [sys.executable, "-c", program], check=False, stdout=write, stderr=subprocess.PIPE, text=True
    )
    os.close(write)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["prepare", "recipe.toml", "--corpus", "c", "--output", "o", "--jobs", "0"], "from 1 to 1024"),
        (["prepare", "recipe.toml", "--corpus", "c", "--output", "o", "--jobs", "100000"], "from 1 to 1024"),
        (["detector", "prepare", "--corpus", "c", "--output", "o", "--streams", "-3"], "from 1 to 100000"),
        (["detector", "train", "--prepared", "p", "--output", "o", "--epochs", "0"], "from 1 on"),
    ],
)
def test_counts_that_no_work_comes_of_are_refused(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit):
        main(arguments)
    assert f"is not a whole number {complaint}" in capsys.readouterr().err


def test_training_of_few_steps_is_told_how_many_it_takes(world: Path, capsys: pytest.CaptureFixture[str]):
    assert prepare(world) == 0
    command = ["train", str(world / "recipe.toml"), "--prepared", str(world / "prepared"), "--run"]
    assert main([*command, str(world / "run")]) == 0
    told = "4 steps (2 epochs of 2) may teach a network little that begins from scratch: take 500 or more, with "
    advice = ["--set", "training.epochs=250", "--set", "training.evaluate_every=8"]
    assert told + " ".join(advice) in capsys.readouterr().err
    # A trained network needs fewer.
    assert main([*command, str(world / "other"), "--from", str(world / "run")]) == 0
    assert "steps" not in capsys.readouterr().err
    recipe = load_recipe(world / "recipe.toml", advice[1::2])
    assert not account.haste(recipe, 2) and account.haste(recipe, 1)
