"""The source of one training example."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Draw:
    """One training example: frames `start` … `start + frames` of a version of a clip."""

    clip: int
    version: int
    start: int
    frames: int
    rate: float
    """Tempo: frames advanced for each frame shown."""
    known: int
    """Number of the talker's past segments in the baseline."""
    weight: float = 1.0
    """In the loss."""
    is_past: bool = True
    """Whether it can serve as the past of others in its group (`together.py`)."""

    @property
    def rows(self) -> int:
        """Frames shown."""
        return max(1, int(self.frames / self.rate))
