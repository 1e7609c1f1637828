"""The sections of the page that show clips: sound, spectrum, coefficients and the model's judgement."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import softmax

from edged_train import sessions, sound
from edged_train.problem import Problem
from edged_train.recipe import Recipe
from edged_train.report import chart, picture
from edged_train.report.figures import percent, section
from edged_train.report.findings import Findings
from edged_train.sessions import Heard

STEP_S = 0.1
"""Time between judgements of a running clip."""

COEFFICIENTS = 20
"""Rows of the picture of coefficients, at most."""

LOUDEST_DOWN = 11.5
"""Range of a spectrogram's colours, in natural log power: 50 dB."""

MISTAKES = 10
"""Rows of the table of mistakes."""


def pictures(findings: Findings) -> str:
    """For every emotion, a correctly judged clip of typical confidence."""
    first = findings.shown[0]
    probabilities = softmax(first.logits[0].astype(np.float64) / findings.temperatures.of(first.condition), axis=1)
    # The judgements shown are those of the sessions' first order.
    trained = findings.trained
    drawn = (
        sessions.warm(trained.recipe, findings.dev, first.condition.whole, np.random.default_rng(0))[0]
        if first.condition.in_sessions
        else sessions.cold(trained.recipe, findings.dev, first.condition.whole)[0]
    )
    heard = sessions.knowing(trained.recipe, trained.network, trained.feature_map, findings.dev, drawn, trained.bias)
    cards = []
    for index, name in enumerate(findings.trained.recipe.classes):
        clip = _typical(findings, probabilities, index)
        if clip is not None:
            mine = [context for context in heard if context.clip == clip]
            cards.append(_card(findings, clip, name, float(probabilities[clip, index]), mine))
    styles = [(name, findings.style(index)) for index, name in enumerate(findings.trained.recipe.classes)]
    text = (
        "For each emotion, the clip of median confidence among those judged rightly. From the top: the waveform, what the detector opened shaded; "
        "the device's log-mel spectrogram; its cepstral coefficients as the network sees them, red above the mean; and what the model says while it listens."
    )
    return section("What it hears", text, f'{chart.legend(styles)}<div class="grid3">{"".join(cards)}</div>')


def _typical(findings: Findings, probabilities: NDArray[np.float64], index: int) -> int | None:
    of_class = np.flatnonzero(findings.dev.labels == index)
    right = [
        clip
        for clip in of_class.tolist()
        if probabilities[clip].argmax() == index and findings.dev.versions[0].segments[clip]
    ]
    right.sort(key=lambda clip: (probabilities[clip, index], clip))
    return right[len(right) // 2] if right else None


def _card(findings: Findings, clip: int, name: str, sure: float, heard: Sequence[Heard]) -> str:
    described = findings.dev.clips[clip]
    version, settings = findings.dev.versions[0], findings.trained.recipe
    length = int(version.lengths[clip])
    first = int(version.first_frame[clip])
    opened = [(segment.start / length, segment.end / length) for segment in version.segments[clip]]
    centred = findings.dev.frames[first : first + length].float()
    bands = settings.front_end.bands
    mel = (centred[:, :bands] + torch.from_numpy(findings.dev.centre[:bands])).numpy()
    columns = findings.trained.feature_map.standardize(findings.trained.feature_map.columns(centred))
    rows = columns[:, : min(COEFFICIENTS, settings.front_end.coefficients)].numpy()
    loudest = float(np.quantile(mel, 0.999))
    seconds = length / settings.front_end.frames_per_second
    swatch = findings.style(settings.classes.index(name))
    title = f'<span><i class="swatch {swatch}"></i> {escape(name)}</span>'
    parts = [
        f"<h3>{title}<small>{escape(described.name)}, {seconds:.1f} s, {percent(sure, 0)} sure</small></h3>",
        _waveform(described.path, settings, opened),
        picture.heat(mel, loudest - LOUDEST_DOWN, loudest, picture.GLOW, "log-mel spectrogram, low frequencies below"),
        picture.heat(rows, -2.5, 2.5, picture.BALANCE, "cepstral coefficients, the first below").replace(
            '"heat"', '"heat low"'
        ),
        _running(findings, heard, length, opened),
    ]
    return f'<div class="card clip">{"".join(parts)}</div>'


def _waveform(path: str, settings: Recipe, opened: Sequence[tuple[float, float]]) -> str:
    """Empty if the recording no longer exists."""
    if not Path(path).exists():
        return ""
    try:
        samples = sound.read(path, settings.front_end.sample_rate, settings.data.channel)
        return picture.waveform(samples, opened, "waveform")
    except Problem:
        return ""


def _running(findings: Findings, heard: Sequence[Heard], length: int, opened: Sequence[tuple[float, float]]) -> str:
    """Scores every tenth of a second from the start of the first context."""
    trained = findings.trained
    step = trained.recipe.frames(1000 * STEP_S)
    total = sum(context.end - context.start for context in heard)
    times, judged = [], []
    divisor = findings.temperatures.of(findings.shown[0].condition)
    for frames in [*range(2 * step, total, step), total]:
        begun = sessions.beginnings(heard, frames)
        logits = sessions.judge(trained.network, trained.feature_map, findings.dev, begun)[heard[0].clip]
        times.append(begun[-1].end / length)
        judged.append(softmax(logits.astype(np.float64) / divisor))
    styles = [findings.style(index) for index in range(len(trained.recipe.classes))]
    return f'<div class="scores">{picture.running_scores(times, np.array(judged), styles, opened)}</div>'


def mistakes(findings: Findings) -> str:
    """The most confident mistakes, often due to a wrong label or a flawed recording."""
    first = findings.shown[0]
    names = findings.trained.recipe.classes
    divisor = findings.temperatures.of(first.condition)
    probabilities = softmax(np.nan_to_num(first.logits[0]).astype(np.float64) / divisor, axis=1)
    said, sure = probabilities.argmax(1), probabilities.max(1)
    spoken = ~np.isnan(first.logits[0]).any(1)
    wrong = sorted(np.flatnonzero(spoken & (said != first.labels)).tolist(), key=lambda clip: -sure[clip])[:MISTAKES]
    rows = []
    for clip in wrong:
        described = findings.dev.clips[clip]
        words = (described.name, described.speaker, names[first.labels[clip]], names[said[clip]])
        cells = "".join(f'<td class="name">{escape(word)}</td>' for word in words)
        rows.append(f"<tr>{cells}<td>{percent(float(sure[clip]), 0)}</td></tr>")
    head = '<tr><th>clip</th><th class="name">talker</th><th class="name">meant</th><th class="name">said</th><th>sure</th></tr>'
    table = f'<div class="card scroll"><table><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table></div>'
    text = "What it was surest of and wrong about. Listen to them: often a label or a recording is at fault."
    return section("Mistakes worth hearing", text, table) if wrong else ""
