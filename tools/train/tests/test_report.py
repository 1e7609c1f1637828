"""The page says what was found, and needs nothing but itself."""

from __future__ import annotations

import re
import struct
import zlib
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from conftest import small_recipe
from edged_train import corpus, report, run
from edged_train.report import chart, listening, picture
from edged_train.trainer import Trainer

VOID = {"meta", "br", "img"}


class Reader(HTMLParser):
    """Checks that every element is closed where it should be, and collects attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture
def page(prepared: Path, tmp_path: Path) -> tuple[report.page.Findings, str]:
    """A run's page; one of its two dev talkers has recordings that are still there, and a name to be escaped."""
    clips = corpus.read(prepared / "clips.tsv")
    soundfile.write(tmp_path / "there.wav", np.sin(np.arange(28800) / 9), 16000)
    listed = [
        clip
        if clip.speaker != "talker4"
        else type(clip)("<b>&", str(tmp_path / "there.wav"), clip.label, "talker4", "dev")
        for clip in clips
    ]
    corpus.write(listed, prepared / "clips.tsv")
    settings = small_recipe(training={"epochs": 6}, evaluation={"gains_db": []})
    Trainer(settings, prepared, tmp_path / "run", torch.device("cpu")).train()
    output = tmp_path / "report.html"
    findings = report.write(run.load_trained(tmp_path / "run"), tmp_path / "run", prepared, 2, output)
    return findings, output.read_text(encoding="utf-8")


def test_page_is_well_formed_fetches_nothing_and_runs_nothing(page: tuple[report.page.Findings, str]):
    _, text = page
    reader = Reader()
    reader.feed(text)
    assert not reader.open
    assert not {tag for tag, _, _ in reader.attributes} & {"script", "link", "iframe", "object"}
    for tag, name, value in reader.attributes:
        if name in ("src", "href"):
            assert value is not None and value.startswith("data:image/png;base64,"), tag
    assert "url(" not in text and "@import" not in text
    assert "<b>&<" not in text


def test_tables_scroll_where_a_screen_is_too_narrow(page: tuple[report.page.Findings, str]):
    _, text = page
    tables = list(re.finditer(r"<table", text))
    assert len(tables) > 5
    for table in tables:
        assert re.search(r'<div class="(?:card )?scroll">$', text[: table.start()]), text[table.start() :][:200]


def test_page_says_what_was_found(page: tuple[report.page.Findings, str]):
    findings, text = page
    plain = text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Speaker-disjoint; 24 clips of 4 speakers train, 12 of 2 dev" in plain
    for outcome in findings.outcomes:
        row = re.search(rf"{outcome.condition.name}</td><td>([\d.]+) %", plain)
        assert row and float(row.group(1)) == pytest.approx(100 * outcome.score.accuracy, abs=0.05)
    for point in findings.streaming.seconds:
        assert f"in sessions: {100 * point.session:.4g} at {point.heard_s:.4g}" in plain
    first, last = findings.streaming.seconds[0], findings.streaming.seconds[-1]
    assert f"After 0.5 s in sessions {100 * first.said:.0f} % are said with a confidence of 0.4 or more" in plain
    assert f"after 4 s {100 * last.said:.0f} % and {100 * last.right:.0f} %." in plain
    confusion = findings.outcome(True).score.confusion
    assert f"{confusion[0, 1]} of {confusion[0].sum()} angry taken for sad" in plain
    for name, share in findings.by_talker(findings.shown[0]).items():
        assert f"{name}</td><td>{100 * share:.1f} %" in plain
    # A clip of each class is seen; what has a recording has its waveform, too.
    assert text.count('class="heat"') == 2
    losses = [entry["dev_loss"] for entry in findings.log]
    assert all(f"dev clips: {loss:.4g} at" in plain for loss in losses)


def test_waveform_is_of_the_channel_that_was_heard(tmp_path: Path):
    loud = np.sin(np.arange(28800) / 9)
    soundfile.write(tmp_path / "stereo.wav", np.stack([0 * loud, loud], 1), 16000)
    soundfile.write(tmp_path / "mono.wav", loud, 16000)
    stereo, mono = (str(tmp_path / f"{name}.wav") for name in ("stereo", "mono"))
    seen = [listening._waveform(stereo, small_recipe(data={"channel": channel}), []) for channel in (0, 1)]
    assert seen[0] != seen[1] == listening._waveform(mono, small_recipe(), [])


def test_run_of_whole_clips_is_shown_as_such(prepared: Path, tmp_path: Path):
    settings = small_recipe(training={"epochs": 2}, evaluation={"protocol": "whole"})
    Trainer(settings, prepared, tmp_path / "run", torch.device("cpu")).train()
    output = tmp_path / "report.html"
    findings = report.write(run.load_trained(tmp_path / "run"), tmp_path / "run", prepared, 1, output)
    assert [outcome.condition.name for outcome in findings.shown] == ["cold, whole clips", "session, live path"]
    assert "right, cold, whole clips" in output.read_text(encoding="utf-8")


def test_png_holds_the_pixels_that_were_given():
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7)).astype(np.uint8)
    palette = np.arange(768).astype(np.uint8).reshape(256, 3)
    content = picture.png(pixels, palette)
    chunks, at = {}, 8
    while at < len(content):
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        body = content[at + 8 : at + 8 + length]
        assert struct.unpack(">I", content[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + body)
        chunks[kind] = body
        at += 12 + length
    assert struct.unpack(">IIBB", chunks[b"IHDR"][:10]) == (7, 5, 8, 3)
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(5, 8)
    np.testing.assert_array_equal(lines[:, 1:], pixels)
    assert chunks[b"PLTE"] == palette.tobytes()


@pytest.mark.parametrize("values", [[0.3, 1.7], [0.02, 0.021], [0, 60], [3.0], [0.0], [12, 480.0], [-2.0, 5.0]])
def test_axis_holds_its_values_and_is_marked_evenly(values: list[float]):
    axis = chart.value_axis(values, "")
    assert axis.low <= min(values) + 1e-9 and axis.high >= max(values) - 1e-9
    steps = np.diff([value for value, _ in axis.ticks])
    np.testing.assert_allclose(steps, steps[0])
    assert 2 <= len(axis.ticks) <= 12
    assert axis.share(axis.low) == 0 and axis.share(axis.high) == 1
