"""Lists of recordings over a telephone and in noise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from edged_train import degrade, noise
from edged_train.cli import main

RATE = 16000


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """Two recordings of a session, and a folder with two of noise, one of them silent."""
    (tmp_path / "noise").mkdir()
    random = np.random.default_rng(0)
    soundfile.write(tmp_path / "noise" / "silence.wav", np.zeros(8000), RATE)
    soundfile.write(tmp_path / "noise" / "hiss.wav", random.normal(0, 0.1, 8000), RATE)
    for name, frequency in (("low", 100), ("high", 1000)):
        soundfile.write(tmp_path / f"{name}.wav", 0.3 * np.sin(2 * np.pi * frequency * np.arange(RATE) / RATE), RATE)
    (tmp_path / "list.tsv").write_text("low.wav\tangry\tanna\nhigh.wav\tsad\tanna\n")
    return tmp_path


def heard(folder: Path, number: int) -> np.ndarray:
    line = (folder / "list.tsv").read_text().splitlines()[number]
    samples, rate = soundfile.read(folder / line.split("\t")[0])
    assert rate == RATE
    return samples


def test_labels_and_sessions_stay_and_the_telephone_loses_what_is_low(listed: Path, capsys: pytest.CaptureFixture[str]):
    output = listed / "telephone"
    assert main(["degrade", str(listed / "list.tsv"), "-o", str(output), "--telephone"]) == 0
    assert capsys.readouterr().out.strip() == str(output / "list.tsv")
    rows = [line.split("\t")[1:] for line in (output / "list.tsv").read_text().splitlines()]
    assert rows == [["angry", "anna"], ["sad", "anna"]]
    assert heard(output, 0).std() < 0.001
    assert heard(output, 1).std() == pytest.approx(0.3 / np.sqrt(2), abs=0.01)


def test_noise_is_as_loud_as_it_should_be_and_the_same_in_any_order(listed: Path):
    recordings = noise.recordings(listed / "noise")
    settings = degrade.Degradation(noise=recordings, snr_db=6)
    degrade.degrade(settings, listed / "list.tsv", listed / "noisy")
    clean, _ = soundfile.read(listed / "low.wav")
    added = heard(listed / "noisy", 0) - clean
    assert 20 * np.log10(clean.std() / added.std()) == pytest.approx(6, abs=0.1)
    (listed / "other.tsv").write_text("high.wav\tsad\nlow.wav\tangry\n")
    degrade.degrade(settings, listed / "other.tsv", listed / "again")
    np.testing.assert_array_equal(heard(listed / "again", 1), heard(listed / "noisy", 0))


def test_rooms_blur_what_is_said(listed: Path):
    assert main(["degrade", str(listed / "list.tsv"), "-o", str(listed / "room"), "--room", "0.5"]) == 0
    clean, _ = soundfile.read(listed / "high.wav")
    blurred = heard(listed / "room", 1)
    assert len(blurred) == len(clean)
    assert np.abs(blurred - clean).max() > 0.05


def test_one_channel_is_written(listed: Path, capsys: pytest.CaptureFixture[str]):
    both = [soundfile.read(listed / f"{name}.wav")[0] for name in ("low", "high")]
    soundfile.write(listed / "both.wav", np.stack(both, 1), RATE)
    (listed / "stereo.tsv").write_text("both.wav\tsad\n")
    command = ["degrade", str(listed / "stereo.tsv"), "--telephone"]
    assert main([*command, "-o", str(listed / "first")]) == 0
    assert main([*command, "-o", str(listed / "second"), "--channel", "1"]) == 0
    assert heard(listed / "first", 0).shape == heard(listed / "second", 0).shape == (RATE,)
    assert heard(listed / "first", 0).std() < 0.001
    assert heard(listed / "second", 0).std() > 0.2
    assert main([*command, "-o", str(listed / "third"), "--channel", "2"]) == 1
    assert "both.wav has 2 channel(s) and no channel 2: choose 0 to 1" in capsys.readouterr().err


def test_nothing_to_do_or_to_hear_is_refused(listed: Path, capsys: pytest.CaptureFixture[str]):
    (listed / "empty").mkdir()
    (listed / "void").mkdir()
    for folder in ("", "void"):
        soundfile.write(listed / folder / "void.wav", np.zeros(0), RATE)
    (listed / "nothing.tsv").write_text("# nothing yet\n\n")
    (listed / "void.tsv").write_text("void.wav\tsad\n")
    (listed / "lost.tsv").write_text("lost.wav\tsad\n")
    (listed / "latin.tsv").write_bytes("höh.wav\tsad\n".encode("latin-1"))
    output = ["-o", str(listed / "out")]
    for arguments, complaint in [
        ([str(listed / "list.tsv")], "say --telephone, --noise FOLDER or --room"),
        ([str(listed / "absent.tsv"), "--telephone"], "absent.tsv: No such file"),
        ([str(listed / "list.tsv"), "--noise", str(listed / "empty")], "no recordings of noise"),
        ([str(listed / "nothing.tsv"), "--telephone"], "nothing.tsv names no recordings: write one"),
        ([str(listed / "latin.tsv"), "--telephone"], "latin.tsv is not text in UTF-8: save it as such"),
        ([str(listed / "lost.tsv"), "--telephone"], f"there is no file {listed / 'lost.wav'}"),
        ([str(listed / "void.tsv"), "--telephone"], "void.wav holds no samples"),
        ([str(listed / "list.tsv"), "--noise", str(listed / "void")], "void/void.wav holds no samples"),
    ]:
        assert main(["degrade", *arguments, *output]) == 1
        assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value", "bounds"),
    [
        ("--seed", "-1", "whole number from 0 on"),
        ("--seed", "one", "whole number from 0 on"),
        ("--room", "1000", "number from 0 to 2"),
        ("--room", "-0.5", "number from 0 to 2"),
        ("--snr", "nan", "number from -100 to 100"),
        ("--snr", "inf", "number from -100 to 100"),
        ("--snr", "loud", "number from -100 to 100"),
    ],
)
def test_numbers_that_no_sound_comes_of_are_refused(
    listed: Path, capsys: pytest.CaptureFixture[str], option: str, value: str, bounds: str
):
    with pytest.raises(SystemExit):
        main(["degrade", str(listed / "list.tsv"), "-o", str(listed / "out"), "--telephone", option, value])
    assert f"argument {option}: {value} is not a {bounds}" in capsys.readouterr().err
    assert not (listed / "out").exists()


def test_a_folder_that_has_a_list_keeps_it(listed: Path, capsys: pytest.CaptureFixture[str]):
    made = listed / "made"
    command = ["degrade", str(listed / "list.tsv"), "-o", str(made), "--telephone"]
    assert main(command) == 0
    before = (made / "list.tsv").stat().st_mtime_ns
    assert main(command) == 1
    assert f"{made}/list.tsv exists already; name another folder" in capsys.readouterr().err
    assert (made / "list.tsv").stat().st_mtime_ns == before


def test_comments_and_a_mark_in_front_are_passed_over_as_edgectl_eval_does(listed: Path):
    (listed / "list.tsv").write_bytes("\ufeff# recordings\r\nlow.wav\tangry\tanna\r\n\r\nhigh.wav\tsad\r\n".encode())
    degrade.degrade(degrade.Degradation(telephone=True), listed / "list.tsv", listed / "made")
    assert (listed / "made" / "list.tsv").read_text() == "00000-low.wav\tangry\tanna\n00001-high.wav\tsad\n"


@pytest.mark.parametrize("line", ["low.wav", "low.wav\t", "\tangry", "low.wav\tangry\tanna\tloud"])
def test_lines_that_eval_refuses_are_refused_before_the_work(
    listed: Path, line: str, capsys: pytest.CaptureFixture[str]
):
    (listed / "list.tsv").write_text(f"# whose\nhigh.wav\tsad\n{line}\n")
    assert main(["degrade", str(listed / "list.tsv"), "-o", str(listed / "out"), "--telephone"]) == 1
    assert "list.tsv, line 3: write “path<TAB>label”" in capsys.readouterr().err
    assert not (listed / "out").exists()
