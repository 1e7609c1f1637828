"""What the commands say, and leave behind, when a file cannot be written."""

from __future__ import annotations

import errno
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from tones import prepare

from edged_train import sound, writing
from edged_train.alone import alone
from edged_train.cli import main
from edged_train.problem import Problem


@contextmanager
def no_file_over(size: int) -> Iterator[None]:
    """Lets no file of this process and its workers grow beyond `size` bytes, which fails as on a full disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_full_disk_is_one_sentence_and_leaves_nothing_behind(world: Path, capsys: pytest.CaptureFixture[str]):
    prepared, run = world / "prepared", world / "run"

    def refused(arguments: list[str], path: str, size: int = 8192) -> None:
        capsys.readouterr()
        with no_file_over(size):
            assert main(arguments) == 1
        told = capsys.readouterr().err.splitlines()[-1]
        assert told.startswith(f"edged-train: cannot write {path}") and "File too large: " in told
        assert not any(name.endswith(".partial") for name in files(world))

    listed = ["--corpus", str(world / "clips.tsv"), "--output", str(prepared), "--edgectl", str(world / "edgectl")]
    refused(["prepare", str(world / "recipe.toml"), *listed, "--jobs", "1"], f"{prepared}/.decoded-")
    assert files(prepared) == {".lock", "clips.tsv", "prepared.json"}
    assert prepare(world) == 0
    train = ["train", str(world / "recipe.toml"), "--prepared", str(prepared), "--run", str(run)]
    refused(train, f"{run / 'best.pt'}: ")
    assert files(run) == {".lock", "recipe.json", "log.jsonl"}
    assert main(train) == 0
    judged = [str(run), "--prepared", str(prepared)]
    refused(["export", *judged, "-o", str(world / "model.bin")], f"{world / 'model.bin'}: ")
    refused(["report", *judged, "-o", str(world / "page.html")], f"{world / 'page.html'}: ")
    refused(["evaluate", *judged, "--json", str(world / "figures.json")], f"{run / 'figures.json'}: ", 16)
    assert not {"model.bin", "page.html"} & files(world)
    for command in ("average", "join"):
        refused([command, str(run), str(run), "-o", str(world / "both")], f"{world / 'both' / 'best.pt'}: ")
        assert not (world / "both").exists()


def test_file_that_cannot_be_replaced_stays_as_it_was(tmp_path: Path):
    path = tmp_path / "model.bin"
    writing.write(path, b"old")
    with no_file_over(2), pytest.raises(Problem, match=r"cannot write .*/model.bin: File too large"):
        writing.write(path, b"new")
    assert path.read_bytes() == b"old" and files(tmp_path) == {"model.bin"}


def test_device_is_written_to_and_not_replaced(tmp_path: Path):
    full = os.strerror(errno.ENOSPC)
    with pytest.raises(Problem, match=f"cannot write /dev/full: {full}: make room and try again"):
        writing.write(Path("/dev/full"), b"much")
    writing.check(Path("/dev/null"))
    writing.write(Path("/dev/null"), b"much")
    assert not Path("/dev/null").is_file() and not Path("/dev/full").is_file()


def test_sound_and_lock_that_find_no_room_are_named(tmp_path: Path):
    silence = np.zeros(16000, np.float32)
    with no_file_over(100), pytest.raises(Problem, match=r"cannot write .*/a.wav: File too large"):
        sound.write(silence, tmp_path / "a.wav", 16000)
    with (
        no_file_over(0),
        pytest.raises(Problem, match=r"cannot write .*/run/.lock: File too large"),
        alone(tmp_path / "run"),
    ):
        pass
