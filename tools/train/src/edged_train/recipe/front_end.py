"""What the device computes for each frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

VOICE_VALUES = 57
"""Values that `voice` adds to a raw vector, after the level."""

RAW_EXTRAS = {"voice": VOICE_VALUES, "zero_crossings": 1, "rms": 1, "chroma": 12, "contrast": 7, "tonnetz": 6}
"""Extras stored in the raw vector, after the level and in this order, with the number of values of each."""

MADE_EXTRAS = ("mel", "deltas", "delta_deltas")
"""Extras computed from the bands: the bands themselves, slopes of the coefficients, slopes of the slopes."""


@dataclass(frozen=True)
class FrontEnd:
    """What the device computes for each frame. Units: samples and hertz."""

    sample_rate: int = 16000
    frame: int = 400
    hop: int = 160
    fft: int = 512
    window: str = "hann"
    bands: int = 40
    fmin: float = 60.0
    fmax: float = 7600.0
    coefficients: int = 40
    extras: tuple[str, ...] = ()
    """Features besides the coefficients, in any order: names in `RAW_EXTRAS` and `MADE_EXTRAS`. `voice` includes the level."""
    running_means: int = 0
    """How many of the first coefficients the network also gets less their running mean."""

    @property
    def values(self) -> int:
        """How many leading values of the raw vector the network's input depends on."""
        extra = sum(count for name, count in RAW_EXTRAS.items() if name in self.extras)
        return self.bands + 1 + extra if extra else self.bands

    @property
    def direct(self) -> int:
        """Index of the first value after the bands that reaches the network: the level with `voice`, else what follows it."""
        return self.bands if self.values == self.bands or "voice" in self.extras else self.bands + 1

    @property
    def columns(self) -> int:
        """Inputs of the network per frame, in the order of `FeatureMap`."""
        bands = self.bands if "mel" in self.extras else 0
        slopes = sum(name in self.extras for name in ("deltas", "delta_deltas")) * self.coefficients
        return self.coefficients + bands + self.values - self.direct + self.running_means + slopes

    def position(self, extra: str) -> int | None:
        """Index in the raw vector of the first value of an extra in `RAW_EXTRAS`; None without it."""
        if extra not in self.extras:
            return None
        names = list(RAW_EXTRAS)[: list(RAW_EXTRAS).index(extra)]
        return self.bands + 1 + sum(RAW_EXTRAS[name] for name in names if name in self.extras)

    def document(self) -> dict[str, Any]:
        """The JSON object in `model.bin`, which `edgectl features` reads too."""
        document: dict[str, Any] = {
            "sample_rate": self.sample_rate,
            "frame": self.frame,
            "hop": self.hop,
            "fft": self.fft,
            "window": self.window,
            "bands": self.bands,
            "fmin": self.fmin,
            "fmax": self.fmax,
            "coefficients": self.coefficients,
        }
        if self.extras:
            document["extras"] = list(self.extras)
        if self.running_means:
            document["running_means"] = self.running_means
        return document

    @property
    def frames_per_second(self) -> float:
        """Frames per second of sound."""
        return self.sample_rate / self.hop
