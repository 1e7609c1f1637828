"""How long a WAV file is by its header, and how long it really is.

libsndfile reads what there is and says nothing: of a copy that was interrupted, the beginning; of a stream whose length was
never filled in, nothing at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

OPEN = 0x7FFF_0000
"""From here on, lengths are those that recorders write while they do not know the real one: about 2³¹ or 2³² bytes."""


@dataclass(frozen=True)
class Length:
    """In seconds."""

    promised: float
    """By the header; 0 if it says that there is no sound."""
    present: float
    """What lies behind the header, to the end of the file at most."""

    @property
    def is_cut_off(self) -> bool:
        """Whether there is less than the header promises, as after an interrupted copy."""
        return self.present < self.promised


def length(path: Path) -> Length | None:
    """The length of a WAV file; None for other files, and if a recorder has left the length open."""
    with path.open("rb") as file:
        head = file.read(12)
        if head[:4] != b"RIFF" or head[8:] != b"WAVE":
            return None
        rate = 0
        while len(chunk := file.read(8)) == 8:
            size, start = int.from_bytes(chunk[4:], "little"), file.tell()
            if chunk[:4] == b"data":
                rest = path.stat().st_size - start
                if not rate or size >= OPEN:
                    return None
                return Length(size / rate, min(size or rest, rest) / rate)
            if chunk[:4] == b"fmt ":
                rate = int.from_bytes(file.read(12)[8:], "little")
            file.seek(start + size + size % 2)
    return None
