"""Pictures of sound: spectrograms as PNG within the page, waveforms and running scores as SVG."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence
from html import escape
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]

Colour = tuple[int, int, int]

GLOW: Sequence[Colour] = (
    *((0, 0, 4), (28, 16, 68), (79, 18, 123), (129, 37, 129), (181, 54, 122)),
    *((229, 80, 100), (251, 135, 97), (254, 194, 135), (252, 253, 191)),
)
"""Dark to bright, for power: matplotlib's `magma`."""

BALANCE: Sequence[Colour] = ((33, 102, 172), (146, 197, 222), (247, 247, 247), (244, 165, 130), (178, 24, 43))
"""Blue below the mean, red above it: ColorBrewer's RdBu."""

WIDTH = 600
"""Width of a picture in units; all pictures of a clip share the time axis."""


def heat(rows: Image, low: float, high: float, colours: Sequence[Colour], title: str) -> str:
    """Rows over time [time, row], the first at the bottom, as an `img`."""
    share = np.clip((rows.T[::-1] - low) / (high - low), 0, 1)
    content = base64.b64encode(png(np.rint(255 * share).astype(np.uint8), _palette(colours))).decode()
    return f'<img class="heat" alt="{escape(title)}" title="{escape(title)}" src="data:image/png;base64,{content}">'


def png(pixels: NDArray[np.uint8], palette: NDArray[np.uint8]) -> bytes:
    """An indexed PNG of pixels [row, column] whose colours are palette [256, 3]."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    height, width = pixels.shape
    # Every line begins with its filter type: none.
    lines = np.concatenate([np.zeros((height, 1), np.uint8), pixels], axis=1).tobytes()
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"PLTE", palette.tobytes()), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, content) for kind, content in chunks)


def _palette(colours: Sequence[Colour]) -> NDArray[np.uint8]:
    places = np.linspace(0, 255, len(colours))
    channels = [np.interp(np.arange(256), places, [colour[index] for colour in colours]) for index in range(3)]
    return np.rint(np.stack(channels, axis=1)).astype(np.uint8)


def waveform(samples: NDArray[np.float32], opened: Sequence[tuple[float, float]], title: str) -> str:
    """Minimum and maximum sample of every column; behind it the opened segments, in shares of the clip."""
    height, columns = 72, 300
    edges = np.linspace(0, len(samples), columns + 1).astype(int)
    pieces = [samples[a : max(b, a + 1)] for a, b in pairwise(edges)]
    peak = max(float(np.abs(samples).max()), 1e-6)
    up = [height / 2 * (1 - float(piece.max()) / peak) for piece in pieces]
    down = [height / 2 * (1 - float(piece.min()) / peak) for piece in pieces]
    xs = [WIDTH * (index + 0.5) / columns for index in range(columns)]
    places = [*zip(xs, up, strict=True), *reversed(list(zip(xs, down, strict=True)))]
    path = " ".join(f"{x:.0f},{y:.1f}" for x, y in places)
    return _svg(height, title, f'{_opened(opened, height)}<polygon class="wave" points="{path}"/>')


def running_scores(
    times: Sequence[float], scores: NDArray[np.float64], styles: Sequence[str], opened: Sequence[tuple[float, float]]
) -> str:
    """Scores at each time (shares of the clip): one band per class, as high as its score."""
    height = 96
    tops = np.concatenate([np.zeros((len(times), 1)), np.cumsum(scores, axis=1)], axis=1) * height
    parts = [_opened(opened, height)]
    for index, style in enumerate(styles):
        above = [(WIDTH * time, tops[at, index]) for at, time in enumerate(times)]
        below = [(WIDTH * time, tops[at, index + 1]) for at, time in enumerate(times)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in [*above, *reversed(below)])
        parts.append(f'<polygon class="area {style}" points="{path}"/>')
    return _svg(height, "scores while the clip is heard", "".join(parts))


def _opened(opened: Sequence[tuple[float, float]], height: int) -> str:
    return "".join(
        f'<rect class="opened" x="{WIDTH * start:.1f}" y="0" width="{WIDTH * (end - start):.1f}" height="{height}"/>'
        for start, end in opened
    )


def _svg(height: int, title: str, content: str) -> str:
    size = f'viewBox="0 0 {WIDTH} {height}" preserveAspectRatio="none"'
    return f'<svg class="strip" {size} role="img" aria-label="{escape(title)}">{content}</svg>'
