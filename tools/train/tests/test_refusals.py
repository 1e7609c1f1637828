"""What the commands refuse: in one sentence, and before the work."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
import soundfile
from test_alone import held
from tones import prepare

from edged_train.cli import main
from edged_train.prepare import check
from edged_train.recipe import load as load_recipe


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
        sentence = f"cannot write {place}: Not a directory: try again, or choose another place"
        assert capsys.readouterr().err == f"edged-train: {sentence}\n"
        assert main([*command, str(world / "absent" / "x"), "--prepared", "prepared"]) == 1
        sentence = f"cannot write {world / 'absent' / 'x'}: No such file or directory: make the folder first"
        assert capsys.readouterr().err == f"edged-train: {sentence}\n"
        assert not (world / "absent").exists()
    assert main(["evaluate", "run", "--json", str(world), "--prepared", "prepared"]) == 1
    assert f"cannot write {world}: Is a directory: name a file in it" in capsys.readouterr().err
    for command in (["compare", "run", "--json"], ["detector", "export", "network", "--prepared", "p", "-o"]):
        assert main([*command, str(place)]) == 1
        assert f"cannot write {place}" in capsys.readouterr().err


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
