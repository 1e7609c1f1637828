"""The sections of the page with tables and charts."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from edged_train import scores
from edged_train.evaluation import Outcome
from edged_train.report import chart
from edged_train.report.chart import Axis, Series
from edged_train.report.findings import Findings
from edged_train.streaming import SAID_FROM

WANTED = 0.75
"""Desired accuracy of what is not `unknown`, which sets the suggested threshold."""


def percent(share: float, digits: int = 1) -> str:
    """A share of 1 as people read it."""
    return "–" if np.isnan(share) else f"{100 * share:.{digits}f}\N{NO-BREAK SPACE}%"


def tiles(findings: Findings) -> str:
    """The most important numbers."""
    first, second = findings.shown
    talkers = list(findings.by_talker(first).values())
    error = f"± {100 * float(np.std(talkers, ddof=1)) / len(talkers) ** 0.5:.1f}" if len(talkers) > 1 else ""
    points = scores.coverage(first.labels, first.logits, findings.temperatures.of(first.condition))
    chosen = next((point for point in points if point.accuracy >= WANTED and point.said > 0), None)
    calibration = scores.calibration_error(first.labels, first.logits, findings.temperatures.of(first.condition))
    count = sum(parameter.numel() for parameter in findings.trained.network.parameters())
    entries = [
        (f"{percent(first.score.accuracy)} <small>{error}</small>", f"right, {first.condition.name}"),
        (percent(first.score.uar), "mean recall of the emotions (UAR)"),
        (percent(second.score.accuracy), f"right, {second.condition.name}"),
        (f"{calibration:.3f}", "calibration error: how far confidence is off"),
        (percent(chosen.said, 0) if chosen else "–", f"of clips are judged where {100 * WANTED:.0f} % are to be right"),
        (f"{count:,}".replace(",", " "), "trained numbers"),
    ]
    cells = "".join(f'<div class="tile"><b>{value}</b><span>{escape(text)}</span></div>' for value, text in entries)
    return f'<div class="tiles">{cells}</div>'


def conditions(findings: Findings) -> str:
    """Accuracy under every condition."""
    rows = "".join(
        f'<tr><td class="name">{escape(outcome.condition.name)}</td><td>{_meter(outcome.score.accuracy)}</td>'
        f"<td>{_meter(outcome.score.uar)}</td></tr>"
        for outcome in findings.outcomes
    )
    return section(
        "However it is heard",
        "Live path: what the detector opens. Cold: each clip is the first of its talker. In sessions: each talker's clips in random order, "
        "the first one cold, the past in the talker's baseline. Gains are a quieter or louder microphone.",
        f'<div class="card scroll"><table><thead><tr><th></th><th>accuracy</th><th>UAR</th></tr></thead><tbody>{rows}</tbody></table></div>',
    )


def confusions(findings: Findings) -> str:
    """The confusion matrices."""
    cards = "".join(
        f'<div class="card"><h3>{escape(outcome.condition.name.capitalize())}</h3>{_confusion(outcome)}</div>'
        for outcome in findings.shown
    )
    return section(
        "What is taken for what", "Rows are what was meant, columns what was said, in percent of the row.", _grid(cards)
    )


def _confusion(outcome: Outcome) -> str:
    counts = outcome.score.confusion
    names = outcome.score.classes
    # The column for clips without speech exists only if there are any.
    columns = [*names, "silent"][: len(names) + bool(counts[:, -1].any())]
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = []
    for row, name in enumerate(names):
        total = max(int(counts[row].sum()), 1)
        cells = []
        for column, said in enumerate(columns):
            share = counts[row, column] / total
            strong = ' class="strong"' if share > 0.5 else ""
            told = escape(f"{counts[row, column]} of {total} {name} taken for {said}")
            cells.append(f'<td{strong} style="--share:{share:.3f}" title="{told}">{100 * share:.0f}</td>')
        body.append(f"<tr><th>{escape(name)}</th>{''.join(cells)}</tr>")
    return f'<div class="scroll"><table class="confusion"><thead><tr><th></th>{head}</tr></thead><tbody>{"".join(body)}</tbody></table></div>'


def classes(findings: Findings) -> str:
    """Precision, recall and F1 of every emotion."""
    cards = []
    for outcome in findings.shown:
        score = outcome.score
        rows = []
        for index, name in enumerate(score.classes):
            recall, precision = float(score.recalls[index]), float(score.precisions[index])
            swatch = f'<i class="swatch {findings.style(index)}"></i> '
            cells = f"<td>{percent(precision)}</td><td>{percent(recall)}</td><td>{_meter(float(score.f1s[index]))}</td>"
            rows.append(
                f'<tr><td class="name">{swatch}{escape(name)}</td>{cells}<td>{score.confusion[index].sum()}</td></tr>'
            )
        head = "<tr><th></th><th>precision</th><th>recall</th><th>F1</th><th>clips</th></tr>"
        table = f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"
        title = escape(outcome.condition.name.capitalize())
        cards.append(f'<div class="card"><h3>{title}</h3><div class="scroll">{table}</div></div>')
    return section(
        "Emotion by emotion",
        "Precision: how often it is right when it says so. Recall: how often it says so when it is. F1: their harmonic mean.",
        _grid("".join(cards)),
    )


def talkers(findings: Findings) -> str:
    """Accuracy by talker."""
    first = findings.shown[0]
    found = sorted(findings.by_talker(first).items(), key=lambda pair: -pair[1])
    shown = found if len(found) <= 24 else [*found[:12], *found[-12:]]
    rows = "".join(f'<tr><td class="name">{escape(name)}</td><td>{_meter(value)}</td></tr>' for name, value in shown)
    half = -(-len(shown) // 2)
    parts = rows.split("</tr>")[:-1]
    tables = "".join(
        f'<div class="card scroll"><table><tbody>{"".join(f"{row}</tr>" for row in part)}</tbody></table></div>'
        for part in (parts[:half], parts[half:])
        if part
    )
    more = f" The twelve best and the twelve worst of {len(found)}." if len(found) > 24 else ""
    text = f"Accuracy, {first.condition.name}. People differ more than models do: judge a change on many talkers.{more}"
    return section("Talker by talker", text, _grid(tables))


def sureness(findings: Findings) -> str:
    """Calibration, and the effect of a threshold on confidence."""
    cards = []
    for outcome in findings.shown:
        divisor = findings.temperatures.of(outcome.condition)
        bins = scores.reliability(outcome.labels, outcome.logits, divisor)
        error = scores.calibration_error(outcome.labels, outcome.logits, divisor)
        raw = scores.calibration_error(outcome.labels, outcome.logits, 1)
        drawn = chart.reliability([(each.confidence, each.accuracy, each.count) for each in bins], "reliability")
        said = f"Calibration error {error:.3f} at temperature {divisor:.2f}; {raw:.3f} without it."
        name = escape(outcome.condition.name.capitalize())
        cards.append(f'<div class="card"><h3>{name}</h3>{drawn}<p class="quiet">{said}</p></div>')
    return section(
        "How sure it is",
        "Share right by confidence: where bars reach the diagonal, the model is right as often as it says. Wide bars: it is often that sure.",
        f'<div class="grid3">{"".join([*cards, _coverage(findings)])}</div>',
    )


def _coverage(findings: Findings) -> str:
    first = findings.shown[0]
    points = scores.coverage(first.labels, first.logits, findings.temperatures.of(first.condition))
    chosen = next((point for point in points if point.accuracy >= WANTED and point.said > 0), None)
    series, accuracies = [], []
    for outcome, style in zip(findings.shown, ("one", "two"), strict=True):
        divisor = findings.temperatures.of(outcome.condition)
        curve = [p for p in scores.coverage(outcome.labels, outcome.logits, divisor) if p.said >= 0.02]
        accuracies += [100 * p.accuracy for p in curve]
        series.append(
            Series(outcome.condition.name, [(100 * p.said, 100 * p.accuracy) for p in curve], style, dots=False)
        )
    x = Axis(0, 100, [(tick, f"{tick} %") for tick in range(0, 101, 20)], "clips judged, not “unknown”")
    y = chart.percent_axis(accuracies, "", 100)
    mark, text = "", "No threshold makes three quarters of it right."
    if chosen:
        at, height = chart.x_of(x, 100 * chosen.said), chart.y_of(y, 100 * chosen.accuracy)
        mark = f'<line class="mark" x1="{at:.1f}" x2="{at:.1f}" y1="{chart.HEIGHT - chart.BOTTOM}" y2="{height:.1f}"/>'
        text = (
            f"With minimum_confidence = {chosen.threshold:.2f}, {percent(chosen.said)} of clips are judged and "
            f"{percent(chosen.accuracy)} of those rightly ({first.condition.name})."
        )
    drawn = chart.lines(series, x, y, "share right by share judged", mark)
    return f'<div class="card"><h3>Share right of what is said</h3>{drawn}<p class="quiet">{escape(text)}</p></div>'


def progress(findings: Findings) -> str:
    """Accuracy by seconds heard and by past segments."""
    seconds, known = findings.streaming.seconds, findings.streaming.acquaintances
    values = [100 * value for point in seconds for value in (point.cold, point.session)]
    x = Axis(
        0, seconds[-1].heard_s, [(p.heard_s, f"{p.heard_s:g}") for p in seconds], "seconds since the detector opened"
    )
    curves = [
        Series("in sessions", [(p.heard_s, 100 * p.session) for p in seconds], "one"),
        Series("cold", [(p.heard_s, 100 * p.cold) for p in seconds], "two"),
    ]
    first = chart.lines(curves, x, chart.percent_axis(values, ""), "accuracy by seconds heard")
    over = ", ".join(f"{percent(1 - p.talking, 0)} at {p.heard_s:g} s" for p in seconds if 0 < p.talking < 1)
    note = f"A clip that is over keeps its judgement: {over}. " if over else ""
    early = seconds[0]
    note += (
        f"After {early.heard_s:g} s in sessions {percent(early.said, 0)} are said with a confidence of {SAID_FROM} or more, and {percent(early.right, 0)} "
        f"of these are right; after {seconds[-1].heard_s:g} s {percent(seconds[-1].said, 0)} and {percent(seconds[-1].right, 0)}."
    )
    cards = f'<div class="card"><h3>Right after so many seconds</h3>{first}<p class="quiet">{note}</p></div>'
    # Without a talker's baseline, past segments make no difference.
    if len(known) > 1:
        steps = Axis(
            0, len(known) - 1, [(i, str(p.segments)) for i, p in enumerate(known)], "past segments of the talker"
        )
        learnt = [Series("live path", [(i, 100 * p.accuracy) for i, p in enumerate(known)], "one")]
        y = chart.percent_axis([100 * p.accuracy for p in known], "")
        second = chart.lines(learnt, steps, y, "accuracy by past segments")
        cards += f'<div class="card"><h3>Right after so many sentences of the same talker</h3>{second}</div>'
    return section("While they talk", "What the events of the daemon are worth as a caller goes on.", _grid(cards))


def training(findings: Findings) -> str:
    """The course of training."""
    log = findings.log
    if len(log) < 2:
        return ""
    epochs = [entry["epoch"] for entry in log]
    x = chart.value_axis([0, *epochs], "epoch")
    named = {"loss": ("training clips, augmented", "two"), "dev_loss": ("dev clips", "one")}
    losses = _curves(log, named)
    named = {
        "session": ("sessions", "one"),
        "cold": ("cold", "two"),
        "whole": ("whole clips", "one"),
        "session_uar": ("sessions, UAR", "three"),
    }
    named["whole_uar"] = ("whole clips, UAR", "three")
    accuracies = _curves(log, named)
    mark = ""
    if findings.trained.epoch:
        at = chart.x_of(x, findings.trained.epoch)
        mark = f'<line class="mark" x1="{at:.1f}" x2="{at:.1f}" y1="{chart.TOP}" y2="{chart.HEIGHT - chart.BOTTOM}"/>'
    every = [value for series in losses for _, value in series.points]
    first = chart.lines(losses, x, chart.value_axis(every, ""), "loss by epoch", mark)
    every = [value for series in accuracies for _, value in series.points]
    second = chart.lines(accuracies, x, chart.percent_axis(every, ""), "accuracy by epoch", mark)
    cards = f'<div class="card"><h3>Loss</h3>{first}</div><div class="card"><h3>Accuracy on the dev clips</h3>{second}</div>'
    text = f"The dashed line is epoch {findings.trained.epoch}, whose averaged weights this page is about."
    return section("How it learned", text, _grid(cards))


def _curves(log: Sequence[dict[str, float]], named: dict[str, tuple[str, str]]) -> list[Series]:
    dots = len(log) <= 40
    return [
        Series(name, [(entry["epoch"], entry[key]) for entry in log if key in entry], style, dots)
        for key, (name, style) in named.items()
        if any(key in entry for entry in log)
    ]


def section(title: str, text: str, content: str) -> str:
    """A titled part of the page."""
    return f'<section><h2>{escape(title)}</h2><p class="quiet">{escape(text)}</p>{content}</section>'


def _grid(cards: str) -> str:
    return f'<div class="grid2">{cards}</div>'


def _meter(share: float) -> str:
    width = 0 if np.isnan(share) else 100 * share
    return f'{percent(share)}<span class="meter"><i style="width:{width:.1f}%"></i></span>'
