"""What `edged-train prepare` makes of recordings, and what it says of them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from safetensors.numpy import load_file
from tones import prepare

import oracle
from edged_train import clips, corpus
from edged_train.batches import Batches
from edged_train.cli import main
from edged_train.frontend import FeatureMap
from edged_train.prepare import check, telephones
from edged_train.problem import Problem
from edged_train.recipe import load as load_recipe


def test_prepared_folder_may_be_named_from_where_the_command_runs(world: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(world)
    arguments = ["--corpus", "clips.tsv", "--output", "runs/features", "--edgectl", "./edgectl", "--jobs", "1"]
    assert main(["prepare", "recipe.toml", *arguments]) == 0
    assert (world / "runs" / "features" / "train-01.safetensors").exists()


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
    listed = world / "prepared" / "doubtful.tsv"
    assert said[-1].endswith(f"; 3 clips of 1 talker held out; no speech found in 2 (0, 13: see {listed})")
    silent = [f"{world / name}\tno speech found" for name in ("0.wav", "13.wav")]
    assert listed.read_text().splitlines() == ["path\twhy", *silent]
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


def test_recording_that_was_replaced_is_not_taken_for_the_one_that_was_prepared(
    world: Path, capsys: pytest.CaptureFixture[str]
):
    assert prepare(world) == 0
    first, second = (world / f"{number}.wav" for number in (0, 1))
    kept = first.read_bytes()
    # Copied anew, it is as it was.
    first.write_bytes(kept)
    assert prepare(world) == 0
    (world / "prepared" / "train-01.safetensors").unlink()
    first.write_bytes(second.read_bytes())
    capsys.readouterr()
    assert prepare(world) == 1
    complaint = (
        f"{first} is another recording than the one that {world / 'prepared'} was prepared from; prepare another"
    )
    assert complaint in capsys.readouterr().err
    first.write_bytes(kept)
    assert prepare(world) == 0
    # A folder that was prepared before there were digests serves on.
    listed = world / "prepared" / "clips.tsv"
    rows = [line.rsplit("\t", 1)[0] for line in listed.read_text().splitlines()]
    listed.write_text("".join(f"{row}\n" for row in rows))
    first.write_bytes(second.read_bytes())
    assert prepare(world) == 0
    assert listed.read_text().splitlines() == rows


def test_recordings_that_are_cut_off_are_named(world: Path, capsys: pytest.CaptureFixture[str]):
    for number in range(7):
        path = world / f"{number}.wav"
        path.write_bytes(path.read_bytes()[: 44 + 16000])
    assert prepare(world) == 0
    said = capsys.readouterr().err.splitlines()
    why = "its header promises 0.75 s and it has 0.50"
    assert said[0].startswith(f"cut off, and used as far as they go: 0 ({why}), 1 ({why}), 2 ({why})")
    assert said[0].endswith(f"4 ({why}) and 2 more; copy them again, or take them out of the corpus")
    listed = (world / "prepared" / "doubtful.tsv").read_text().splitlines()
    assert listed[1:] == [f"{world / f'{number}.wav'}\tcut off: {why}" for number in range(7)]


def test_folder_of_no_class_is_named(world: Path, capsys: pytest.CaptureFixture[str]):
    place = world / "sound"
    for index in range(9):
        label = ("angry", "sad", "bored")[index % 3]
        (place / label).mkdir(parents=True, exist_ok=True)
        (world / f"{index}.wav").rename(place / label / f"t{index // 3}-{index}.wav")
    choice = [
        "--set",
        "data.corpus='folder'",
        "--set",
        "data.split='speaker'",
        "--set",
        r"data.speaker_pattern='^(t\d)'",
    ]
    command = [
        "prepare",
        str(world / "recipe.toml"),
        *choice,
        "--corpus",
        str(place),
        "--output",
        str(world / "prepared"),
    ]
    assert main([*command, "--edgectl", str(world / "edgectl"), "--jobs", "1"]) == 0
    told = "no class of the recipe, and left out: bored (3 recordings); data.rename gives"
    assert capsys.readouterr().err.splitlines()[0].startswith(told)
