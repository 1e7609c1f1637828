"""How long WAV files are, and how long they say that they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from tones import prepare

from edged_train.wave_length import Length, length

SECOND = 2 * 16000
"""In bytes."""


def wave(path: Path, promised: int, seconds: float, before: bytes = b"") -> Path:
    """A mono WAV of 16 kHz with a length of `promised` bytes in its header, and other chunks `before` its data."""
    soundfile.write(path, np.random.default_rng(0).normal(0, 0.1, round(16000 * seconds)), 16000, subtype="PCM_16")
    content = path.read_bytes()
    path.write_bytes(content[:36] + before + b"data" + promised.to_bytes(4, "little") + content[44:])
    return path


@pytest.mark.parametrize("before", [b"", b"LIST\x03\0\0\0abc\0"])
def test_length_is_what_the_header_says_and_what_is_there(tmp_path: Path, before: bytes):
    path = tmp_path / "a.wav"
    assert length(wave(path, SECOND, 1, before)) == Length(1, 1)
    assert length(wave(path, 2 * SECOND, 0.5, before)) == Length(2, 0.5)
    # What follows the data, as tags do, is no sound.
    assert length(wave(path, SECOND, 1.25, before)) == Length(1, 1)
    assert length(wave(path, 0, 1.5, before)) == Length(0, 1.5)
    for unknown in (0x7FFF_F000, 0x8000_0000, 0xFFFF_FFFF):
        assert length(wave(path, unknown, 1, before)) is None


def test_other_files_have_no_such_length(tmp_path: Path):
    path = tmp_path / "a.wav"
    whole = wave(path, SECOND, 0.1).read_bytes()
    for content in (b"", b"RIFF", b"fLaC" + whole[4:], whole[:40], whole[:20], whole[:12] + whole[36:]):
        path.write_bytes(content)
        assert length(path) is None


def test_stream_that_says_it_is_empty_is_refused_with_its_remedy(world: Path, capsys: pytest.CaptureFixture[str]):
    path = wave(world / "3.wav", 0, 1.5)
    assert prepare(world) == 1
    complaint = (
        f"{path} says that it is empty, and 1.50 s follow, as in one that was written into a pipe: write it anew"
    )
    assert complaint in capsys.readouterr().err
    # Tags behind no sound are not taken for sound.
    wave(path, 0, 0.01)
    assert prepare(world) == 1
    assert "lasts 0.0 ms" in capsys.readouterr().err
