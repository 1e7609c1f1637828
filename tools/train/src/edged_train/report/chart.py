"""Charts as inline SVG, coloured by the page's style sheet to suit light and dark mode."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 520, 280
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 12, 40
"""Room around the plot, in the units of the view box."""


@dataclass(frozen=True)
class Axis:
    """A range of values and its tick marks."""

    low: float
    high: float
    ticks: Sequence[tuple[float, str]]
    label: str = ""

    def share(self, value: float) -> float:
        """A value's position in the range, 0…1."""
        return (value - self.low) / ((self.high - self.low) or 1)


@dataclass(frozen=True)
class Series:
    """Points joined by a line, and the CSS class that colours it."""

    name: str
    points: Sequence[tuple[float, float]]
    style: str
    dots: bool = True


def percent_axis(values: Sequence[float], label: str, high: float | None = None) -> Axis:
    """An axis in percent around some values, marked in round steps."""
    top = high if high is not None else min(100.0, 5 * (max(values) // 5 + 1))
    low = max(0.0, 5 * (min(values) // 5))
    step = 5 if top - low <= 30 else 10 if top - low <= 60 else 20
    first = int(-(-low // step) * step)
    return Axis(low, top, [(tick, f"{tick} %") for tick in range(first, int(top) + 1, step)], label)


def value_axis(values: Sequence[float], label: str) -> Axis:
    """An axis from just below the least to just above the greatest value, marked in round steps."""
    low, high = min(values), max(values)
    if low == high:
        low, high = low - (abs(low) or 1) / 2, high + (abs(high) or 1) / 2
    decade = 10.0 ** math.floor(math.log10((high - low) / 5))
    step = decade * next(factor for factor in (1, 2, 5, 10) if 5 * factor * decade >= high - low)
    first, last = math.floor(low / step), math.ceil(high / step)
    ticks = [(index * step, f"{index * step:g}") for index in range(first, last + 1)]
    return Axis(first * step, last * step, ticks, label)


def x_of(axis: Axis, value: float) -> float:
    """The horizontal position of a value."""
    return LEFT + axis.share(value) * (WIDTH - LEFT - RIGHT)


def y_of(axis: Axis, value: float) -> float:
    """The vertical position of a value."""
    return HEIGHT - BOTTOM - axis.share(value) * (HEIGHT - TOP - BOTTOM)


def frame(x: Axis, y: Axis, content: str, title: str) -> str:
    """An SVG with grid, ticks and labels around content positioned by `x_of` and `y_of`."""
    parts = [f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">']
    bottom = HEIGHT - BOTTOM
    for value, text in y.ticks:
        at = y_of(y, value)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>')
        parts.append(f'<text class="tick end" x="{LEFT - 7}" y="{at + 4:.1f}">{escape(text)}</text>')
    for value, text in x.ticks:
        parts.append(f'<text class="tick middle" x="{x_of(x, value):.1f}" y="{bottom + 16}">{escape(text)}</text>')
    parts.append(f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{bottom}" y2="{bottom}"/>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text class="tick middle" x="{middle:.0f}" y="{HEIGHT - 5}">{escape(x.label)}</text>')
    return "".join([*parts, content, "</svg>"])


def lines(series: Sequence[Series], x: Axis, y: Axis, title: str, extra: str = "") -> str:
    """A line chart with its legend; `extra` is drawn below the lines."""
    parts = [extra]
    for one in series:
        places = [(x_of(x, at), y_of(y, value)) for at, value in one.points]
        path = " ".join(f"{at:.1f},{value:.1f}" for at, value in places)
        parts.append(f'<polyline class="line {one.style}" points="{path}"/>')
        if one.dots:
            for (at, value), (cx, cy) in zip(one.points, places, strict=True):
                said = escape(f"{one.name}: {value:.4g} at {at:.4g}")
                parts.append(f'<circle class="dot {one.style}" cx="{cx:.1f}" cy="{cy:.1f}" r="3.4">')
                parts.append(f"<title>{said}</title></circle>")
    return f"{frame(x, y, ''.join(parts), title)}{legend([(one.name, one.style) for one in series])}"


def legend(entries: Sequence[tuple[str, str]]) -> str:
    """Names beside swatches of their colours."""
    items = "".join(f'<span><i class="swatch {style}"></i>{escape(name)}</span>' for name, style in entries)
    return f'<div class="legend">{items}</div>'


def reliability(bins: Sequence[tuple[float, float, int]], title: str) -> str:
    """Bars of accuracy by confidence, with the diagonal where both are equal.

    `bins` are (mean confidence, accuracy, count) per tenth; a bar's width shows how often that confidence occurs.
    """
    ticks = [(tick / 5, f"{20 * tick} %") for tick in range(6)]
    x, y = Axis(0, 1, ticks, "confidence"), Axis(0, 1, ticks)
    most = max(count for _, _, count in bins)
    widest = (WIDTH - LEFT - RIGHT) / 10 * 0.94
    parts = []
    for confidence, right, count in bins:
        width = max(2.0, widest * (count / most) ** 0.5)
        left, top = x_of(x, min(int(10 * confidence), 9) / 10 + 0.05) - width / 2, y_of(y, right)
        said = escape(f"{count} times {100 * confidence:.1f} % sure, {100 * right:.1f} % of them right")
        bottom = HEIGHT - BOTTOM
        parts.append(
            f'<rect class="bar" x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{bottom - top:.1f}" rx="2">'
            f"<title>{said}</title></rect>"
        )
    diagonal = f'x1="{x_of(x, 0)}" y1="{y_of(y, 0)}" x2="{x_of(x, 1)}" y2="{y_of(y, 1)}"'
    return frame(x, y, "".join([*parts, f'<line class="diagonal" {diagonal}/>']), title)
