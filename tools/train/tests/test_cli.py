"""The commands, from sound to `model.bin`, with a stand-in for the device's front end."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
import soundfile
import torch
from safetensors import safe_open
from safetensors.numpy import load_file
from test_alone import held

import oracle
from edged_train import clips, corpus
from edged_train.batches import Batches
from edged_train.cli import main
from edged_train.frontend import FeatureMap
from edged_train.prepare import check, telephones
from edged_train.problem import Problem
from edged_train.recipe import load as load_recipe
from edged_train.run import load_trained

RECIPE = """
name = "tones"
classes = ["angry", "sad"]
[data]
corpus = "manifest"
licence = "none"
[front_end]
bands = 8
coefficients = 8
[augmentation]
versions = 2
frequency_mask_coefficients = 2
[network]
channels = 8
hidden = 8
head = 8
dilations = [1, 2]
[training]
epochs = 2
batch = 8
evaluate_every = 1
[evaluation]
orders = 2
gains_db = [-12.0]
"""

EDGECTL = """#!{python}
import sys
sys.path.insert(0, {tests!r})
from pathlib import Path
import numpy as np, soundfile
from synthetic import BANDS, write_features
manifest, output = sys.argv[sys.argv.index("--manifest") + 1], sys.argv[sys.argv.index("--output") + 1]
clips = []
for line in Path(manifest).read_text().splitlines():
    samples, _ = soundfile.read(Path(manifest).parent / line.split("\\t")[0], dtype="int16")
    frames = np.lib.stride_tricks.sliding_window_view(samples.astype(float), 400)[::160]
    power = np.abs(np.fft.rfft(frames)[:, 1:193]) ** 2
    clips.append([np.log(power.reshape(len(power), BANDS, -1).sum(2) + 1e3)])
write_features(Path(output), clips)
with open({log!r}, "a") as log:
    log.write(f"{{len(clips)}}\\n")
"""


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """A recipe, twelve clips of two talkers to train on and one to judge, and an `edgectl`."""
    (tmp_path / "recipe.toml").write_text(RECIPE)
    rows = ["path\tlabel\tspeaker\tsplit"]
    for index in range(18):
        label, talker = ("angry", "sad")[index % 2], f"talker{index // 6}"
        tone = np.sin(2 * np.pi * (600 if index % 2 else 2500) * np.arange(12000) / 16000)
        noise = np.random.default_rng(index).normal(0, 0.02, 12000)
        soundfile.write(tmp_path / f"{index}.wav", 0.2 * tone + noise, 16000)
        rows.append(f"{index}.wav\t{label}\t{talker}\t{'dev' if index >= 12 else 'train'}")
    (tmp_path / "clips.tsv").write_text("\n".join(rows) + "\n")
    edgectl = tmp_path / "edgectl"
    tests = str(Path(__file__).parent)
    edgectl.write_text(EDGECTL.format(python=sys.executable, tests=tests, log=str(tmp_path / "calls")))
    edgectl.chmod(edgectl.stat().st_mode | stat.S_IXUSR)
    return tmp_path


def prepare(world: Path, *more: str) -> int:
    corpus, output, edgectl = (str(world / name) for name in ("clips.tsv", "prepared", "edgectl"))
    arguments = ["--corpus", corpus, "--output", output, "--edgectl", edgectl, "--jobs", "1"]
    return main(["prepare", str(world / "recipe.toml"), *arguments, *more])


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


def test_prepared_folder_may_be_named_from_where_the_command_runs(world: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(world)
    arguments = ["--corpus", "clips.tsv", "--output", "runs/features", "--edgectl", "./edgectl", "--jobs", "1"]
    assert main(["prepare", "recipe.toml", *arguments]) == 0
    assert (world / "runs" / "features" / "train-01.safetensors").exists()


def test_list_is_checked_before_work_begins_and_may_be_mended(world: Path, capsys: pytest.CaptureFixture[str]):
    listed = (world / "clips.tsv").read_text()
    (world / "clips.tsv").write_text(listed.splitlines()[0] + "\n")
    assert prepare(world) == 1
    assert "there are no clips" in capsys.readouterr().err
    (world / "clips.tsv").write_text(listed + "absent.wav\tsad\ttalker0\ttrain\n")
    assert prepare(world) == 1
    assert f"clips.tsv:20: there is no file {world / 'absent.wav'}" in capsys.readouterr().err
    (world / "clips.tsv").write_text(listed + "0.mp3\tsad\ttalker0\ttrain\n")
    (world / "0.mp3").write_text("no sound")
    assert prepare(world) == 1
    assert "cannot read" in capsys.readouterr().err
    # Nothing was made of it yet, so the folder is as good as new.
    (world / "clips.tsv").write_text(listed)
    assert prepare(world) == 0


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


def test_two_processes_do_not_write_into_one_folder(world: Path, capsys: pytest.CaptureFixture[str]):
    prepared, run = world / "prepared", world / "run"
    with held(prepared) as other:
        assert prepare(world) == 1
    said = f"another process ({other.process.pid}) writes into {prepared}"
    assert said in capsys.readouterr().err
    for name in (".train-00-killed", ".decoded-killed", ".mine-1"):
        (prepared / name).mkdir()
    (prepared / ".dev-link").symlink_to(world)
    assert prepare(world) == 0
    hidden = {path.name for path in prepared.iterdir() if path.name.startswith(".")}
    assert hidden == {".lock", ".mine-1", ".dev-link"}
    command = ["train", str(world / "recipe.toml"), "--prepared", str(prepared), "--run", str(run)]
    with held(run):
        assert main(command) == 1
    assert f") writes into {run}" in capsys.readouterr().err
    assert main(command) == 0


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


def test_telephones_of_a_fold_are_those_of_its_own_clips(world: Path):
    kinds = ["augmentation.versions=3", "augmentation.degraded=2", "augmentation.by_talker=true"]
    choice = [*kinds, "augmentation.telephones_drawn=0.5", "data.folds=3", "data.split='speaker'"]
    assert prepare(world, *(part for key in choice for part in ("--set", key))) == 0
    recipe = load_recipe(world / "recipe.toml", choice)
    every = corpus.read(world / "prepared" / "clips.tsv")
    made = telephones(recipe, world / "prepared", every)
    assert 0 < made.mean() < 1
    for fold in range(3):
        train = clips.load_train(load_recipe(world / "recipe.toml", [*choice, f"data.fold={fold}"]), world / "prepared")
        assert train.telephones is not None and train.telephones.shape == (3, 12)
        paths = [clip.path for clip in every]
        for index, clip in enumerate(train.clips):
            assert (train.telephones[:, index] == made[:, paths.index(clip.path)]).all()


def test_copies_of_held_out_clips_are_trained_on_and_the_clips_are_not(world: Path):
    choice = ["data.split='random'", "data.dev_share=0.3", "data.copies=true", "augmentation.versions=3"]
    assert prepare(world, *(part for key in choice for part in ("--set", key))) == 0
    assert (world / "calls").read_text().split() == ["18", "18", "18", "18"]
    settings = load_recipe(world / "recipe.toml", choice)
    train = clips.load_train(settings, world / "prepared")
    dev = clips.load_dev(settings, world / "prepared", 0, train.centre)
    held = {clip.path for clip in dev.clips}
    assert len(held) == 5 and len(train.clips) == 18
    assert {train.clips[index].path for index in train.copies_only} == held
    source = Batches(settings, train, FeatureMap(torch.from_numpy(train.centre), settings.front_end))
    random = np.random.default_rng(0)
    draws = [draw for _ in range(40) for batch in source.epoch(random) for draw in batch]
    heard = {(train.clips[draw.clip].path in held, draw.version) for draw in draws}
    assert heard == {(False, 0), (False, 1), (False, 2), (True, 1), (True, 2)}


def test_folders_prepared_before_a_key_existed_were_prepared_with_its_default(world: Path):
    prepare(world)
    path = world / "prepared" / "prepared.json"
    found = json.loads(path.read_text())
    found["data"]["corpus"] = "manifest"
    del found["data"]["folds"], found["data"]["channel"]
    del found["front_end"]["extras"], found["augmentation"]["degraded"]
    path.write_text(json.dumps(found))
    loaded = load_recipe(world / "recipe.toml")
    check(loaded, world / "prepared", augmented=True)
    with pytest.raises(Problem, match="another data"):
        check(load_recipe(world / "recipe.toml", ["data.folds=2"]), world / "prepared", augmented=True)


def test_words_for_the_card_do_not_bind_what_was_prepared(world: Path):
    prepare(world)
    worded = ['data.licence="CC0 1.0"', 'data.title="calls"', 'data.languages=["de"]', 'data.attribution="us"']
    check(load_recipe(world / "recipe.toml", worded), world / "prepared", augmented=True)
    with pytest.raises(Problem, match="prepared with another data.folds and augmentation.versions; prepare"):
        other = load_recipe(world / "recipe.toml", ["data.folds=3", "augmentation.versions=7"])
        check(other, world / "prepared", augmented=True)


def test_gain_is_heard_before_the_front_end(world: Path):
    prepare(world)
    original, quieter = (load_file(world / "prepared" / f"dev{name}.safetensors") for name in ("", "_gain-12dB"))
    loudest = original["raw"].max(), quieter["raw"].max()
    assert (loudest[0] - loudest[1]) / 65536 == pytest.approx(12 * np.log(10) / 10, abs=0.05)


def test_one_channel_of_stereo_is_heard_as_the_device_hears_it(world: Path, capsys: pytest.CaptureFixture[str]):
    for number in ("0", "5"):
        samples, rate = soundfile.read(world / f"{number}.wav")
        other = np.random.default_rng(0).normal(0, 0.3, len(samples))
        soundfile.write(world / f"{number}.wav", np.stack([samples, other], 1), rate)
    assert prepare(world) == 0
    assert "2 of 18 clips have several channels: channel 0 is heard (data.channel)\n" in capsys.readouterr().err
    stereo = load_file(world / "prepared" / "train-00.safetensors")["raw"]
    assert prepare(world, "--set", "data.channel=1") == 1
    complaint = f"{world / '1.wav'} has 1 channel(s) and data.channel is 1: set it to one that every clip has"
    assert complaint in capsys.readouterr().err
    for number in range(18):
        samples, rate = soundfile.read(world / f"{number}.wav", always_2d=True)
        soundfile.write(world / f"{number}.wav", np.stack([samples[:, 0] * 0, samples[:, 0]], 1), rate)
    (world / "prepared").rename(world / "before")
    assert prepare(world, "--set", "data.channel=1") == 0
    np.testing.assert_array_equal(load_file(world / "prepared" / "train-00.safetensors")["raw"], stereo)
    assert prepare(world) == 1
    assert "was prepared with another data" in capsys.readouterr().err


def test_prepare_ends_with_what_it_prepared_and_train_with_whom_it_judged(
    world: Path, capsys: pytest.CaptureFixture[str]
):
    assert prepare(world) == 0
    said = capsys.readouterr().err.splitlines()
    assert said[-1] == "18 clips of 3 talkers: angry 9, sad 9; 6 clips of 1 talker held out; speech found in all"
    command = ["train", str(world / "recipe.toml"), "--prepared", str(world / "prepared"), "--run", str(world / "run")]
    assert main(command) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert " % in sessions on 6 dev clips of 1 talker, epoch " in last
    # The same again makes nothing, and says the same.
    assert prepare(world) == 0
    assert capsys.readouterr().err.splitlines() == said
    (world / "prepared").rename(world / "before")
    assert prepare(world, "--set", "data.folds=3", "--set", "data.split='random'", "--set", "data.fold=1") == 0
    last = capsys.readouterr().err.splitlines()[-1]
    assert "; 6 clips of " in last and " held out in fold 1; speech found in all" in last


def test_clips_without_speech_and_classes_that_a_part_lacks_are_counted(
    world: Path, capsys: pytest.CaptureFixture[str]
):
    rows = (world / "clips.tsv").read_text().splitlines()
    kept = [row for row in rows if not row.endswith("dev") or "\tsad\t" in row]
    (world / "clips.tsv").write_text("\n".join(kept) + "\n")
    program = (world / "edgectl").read_text()
    (world / "edgectl").write_text(program.replace("write_features(Path(output), clips)", SILENCING))
    assert prepare(world) == 0
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("no dev clip is angry, so that it is not judged; another data.split")
    assert said[-1] == "15 clips of 3 talkers: angry 6, sad 9; 3 clips of 1 talker held out; no speech found in 2"
    command = ["train", str(world / "recipe.toml"), "--prepared", str(world / "prepared"), "--run", str(world / "run")]
    assert main([*command, "--set", "classes=['angry', 'sad', 'happy']"]) == 1
    assert "holds no clip that is happy; take what has no clips out" in capsys.readouterr().err


SILENCING = "write_features(Path(output), [[], *clips[1:]])"
"""A detector that opens nothing in the first clip of every list."""


@pytest.mark.parametrize("relative", [False, True])
def test_who_names_no_speakers_is_told_so(
    world: Path, relative: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    rows = [line.split("\t") for line in (world / "clips.tsv").read_text().splitlines()]
    (world / "clips.tsv").write_text("".join("\t".join((*row[:2], row[3])) + "\n" for row in rows))
    monkeypatch.chdir(world)
    listed = "clips.tsv" if relative else str(world / "clips.tsv")
    output = ["--output", str(world / "prepared"), "--edgectl", "./edgectl", "--jobs", "1"]
    assert main(["prepare", "recipe.toml", "--corpus", listed, *output]) == 0
    assert "nobody says who speaks in 18 of 18 clips: each counts as a talker of its own" in capsys.readouterr().err
    monkeypatch.chdir("/")
    prepared, folder = str(world / "prepared"), str(world / "run")
    assert main(["train", str(world / "recipe.toml"), "--prepared", prepared, "--run", folder]) == 0
    assert main(["export", folder, "--prepared", prepared, "-o", str(world / "model.bin")]) == 0
    split = oracle.read(world / "model.bin")[0]["provenance"]["split"]
    assert split.startswith("speakers unknown: every clip counts as a talker of its own; 12 clips of 12 speakers train")


def test_prepare_makes_nothing_twice_and_leaves_no_sound(world: Path):
    prepare(world)
    assert (world / "calls").read_text().split() == ["12", "12", "6", "6"]
    (world / "prepared" / "train-01.safetensors").unlink()
    assert prepare(world) == 0
    assert (world / "calls").read_text().split() == ["12", "12", "6", "6", "12"]
    names = sorted(path.name for path in (world / "prepared").iterdir())
    assert names == [
        ".lock",
        "clips.tsv",
        "dev.safetensors",
        "dev_gain-12dB.safetensors",
        "prepared.json",
        "train-00.safetensors",
        "train-01.safetensors",
    ]


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


def test_bad_input_is_one_sentence_and_status_one(world: Path, capsys: pytest.CaptureFixture[str]):
    prepare(world)
    (world / "empty").mkdir()
    recipe, prepared, run, plain = (str(world / name) for name in ("recipe.toml", "prepared", "run", "plain"))
    assert main(["train", recipe, "--prepared", prepared, "--run", plain]) == 0
    # Whatever this torch was built for, no machine has so many.
    judged = ["--prepared", prepared, "--device", "cuda:99"]
    absent_cuda = [
        (arguments, "--device cuda:99: there is no such device for torch")
        for arguments in (
            ["train", recipe, "--run", run, *judged],
            ["evaluate", plain, *judged],
            ["report", plain, *judged],
        )
    ]
    for arguments, complaint in [
        (["train", "absent.toml", "--prepared", prepared, "--run", run], "cannot read the recipe absent.toml"),
        (["train", recipe, "--prepared", str(world / "empty"), "--run", run], "is not a prepared folder"),
        (["train", recipe, "--set", "front_end.fmin=80.0", "--prepared", prepared, "--run", run], "another front_end"),
        (["evaluate", str(world / "empty"), "--prepared", prepared], "is not the folder of a run"),
        (
            ["train", recipe, "--set", "classes=['angry', 'calm']", "--prepared", prepared, "--run", run],
            "holds clips of sad, which is not among the recipe's classes angry, calm; prepare another folder",
        ),
        (
            ["train", recipe, "--device", "teapot", "--prepared", prepared, "--run", run],
            "--device teapot: there is no such device",
        ),
        *absent_cuda,
        (["train", recipe, "--set", "network.kind='rnn'", "--prepared", prepared, "--run", run], "network.kind"),
    ]:
        capsys.readouterr()
        assert main(arguments) == 1
        message = capsys.readouterr().err
        assert message.startswith("edged-train: ") and complaint in message
        assert message.count("\n") == 1
    assert prepare(world, "--set", "augmentation.recorded_share=0.5") == 1
    assert "give --noise FOLDER" in capsys.readouterr().err
    assert prepare(world, "--set", "seed=1") == 1
    assert "another seed" in capsys.readouterr().err
    assert prepare(world, "--detector", str(world / "absent.edge")) == 1
    assert "cannot read the detector" in capsys.readouterr().err
    assert prepare(world, "--detector", recipe) == 1
    assert "another detector" in capsys.readouterr().err
    # One preparation serves runs of several seeds.
    check(load_recipe(world / "recipe.toml", ["seed=1"]), world / "prepared", augmented=True)


@pytest.mark.parametrize(("count", "rate"), [(0, 16000), (1, 16000), (300, 16000), (463, 16000), (1276, 44100)])
def test_clip_that_gives_no_frame_is_refused_before_anything_is_made(
    world: Path, count: int, rate: int, capsys: pytest.CaptureFixture[str]
):
    soundfile.write(world / "3.wav", np.full(count, 0.1), rate)
    assert prepare(world) == 1
    complaint = f"{world / '3.wav'} lasts {1000 * count / rate:.1f} ms, and it takes 29.0 ms to make one frame"
    assert complaint in capsys.readouterr().err
    assert not (world / "prepared").exists() and not (world / "calls").exists()


def test_shortest_clip_gives_a_frame_at_any_speed(world: Path):
    for number, (count, rate) in enumerate([(464, 16000), (1279, 44100)]):
        soundfile.write(world / f"{number}.wav", np.random.default_rng(0).normal(0, 0.1, count), rate)
    assert prepare(world, "--set", "augmentation.speed=[1.16, 1.16]") == 0


def test_dev_clips_in_which_nobody_speaks_are_refused(world: Path, capsys: pytest.CaptureFixture[str]):
    program = (world / "edgectl").read_text()
    silencing = "write_features(Path(output), [[]] * len(clips) if len(clips) == 6 else clips)"
    (world / "edgectl").write_text(program.replace("write_features(Path(output), clips)", silencing))
    assert prepare(world) == 0
    command = ["train", str(world / "recipe.toml"), "--prepared", str(world / "prepared"), "--run", str(world / "run")]
    assert main(command) == 1
    complaint = f"{world / 'prepared' / 'dev.safetensors'}: the detector opened no segment in the dev clips"
    assert complaint in capsys.readouterr().err


def test_what_cannot_be_written_is_refused_before_the_work(world: Path, capsys: pytest.CaptureFixture[str]):
    place = world / "recipe.toml" / "x"
    for command in (["evaluate", "run", "--json"], ["export", "run", "-o"], ["report", "run", "-o"]):
        # There is no such run, of which nothing is said.
        assert main([*command, str(place), "--prepared", "prepared"]) == 1
        assert (
            capsys.readouterr().err
            == f"edged-train: cannot make the folder {world / 'recipe.toml'}: File exists; write x elsewhere\n"
        )
    assert main(["evaluate", "run", "--json", str(world), "--prepared", "prepared"]) == 1
    assert f"cannot write {world}: it is a folder" in capsys.readouterr().err
    assert main(["compare", "run", "--json", str(place)]) == 1
    assert "cannot make the folder" in capsys.readouterr().err


def test_what_the_system_refuses_is_one_sentence(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    for error, sentence in (
        (
            OSError(28, "No space left on device", "x/best.pt"),
            "cannot use x/best.pt: No space left on device; mend that, or name another place",
        ),
        (OSError("no space left"), "no space left"),
    ):
        monkeypatch.setattr("edged_train.cli._compare", Mock(side_effect=error))
        assert main(["compare", "x"]) == 1
        assert capsys.readouterr().err == f"edged-train: {sentence}\n"


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[1]", b"{"])
def test_documents_that_are_damaged_are_refused(world: Path, content: bytes, capsys: pytest.CaptureFixture[str]):
    prepared, run = world / "prepared", world / "run"
    for folder in (prepared, run):
        folder.mkdir()
    (prepared / "prepared.json").write_bytes(content)
    (run / "recipe.json").write_bytes(content)
    assert main(["train", str(world / "recipe.toml"), "--prepared", str(prepared), "--run", str(world / "new")]) == 1
    assert f"{prepared / 'prepared.json'} is damaged: prepare another folder" in capsys.readouterr().err
    assert main(["evaluate", str(run), "--prepared", str(prepared)]) == 1
    assert f"{run} is not the folder of a run" in capsys.readouterr().err
