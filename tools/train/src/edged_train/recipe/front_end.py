"""What the device computes for each frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

VOICE_VALUES = 57
"""Values of a raw vector that `voice` adds behind the level."""

RAW_EXTRAS = {"voice": VOICE_VALUES, "zero_crossings": 1, "rms": 1, "chroma": 12, "contrast": 7, "tonnetz": 6}
"""Extras that are values of the raw vector, behind the level and in this order, and how many each is."""

MADE_EXTRAS = ("mel", "deltas", "delta_deltas")
"""Extras that are made of the bands: themselves, slopes of the coefficients, slopes of the slopes."""


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
    """Features beside the coefficients, in any order: names in `RAW_EXTRAS` and `MADE_EXTRAS`. `voice` lets the level in, too."""
    running_means: int = 0
    """How many coefficients the network also gets less their running mean."""

    @property
    def values(self) -> int:
        """Values of the raw vector, from its first on, that the network's input is made of."""
        extra = sum(count for name, count in RAW_EXTRAS.items() if name in self.extras)
        return self.bands + 1 + extra if extra else self.bands

    @property
    def direct(self) -> int:
        """The first value behind the bands that reaches the network: the level with `voice`, else what follows it."""
        return self.bands if self.values == self.bands or "voice" in self.extras else self.bands + 1

    @property
    def columns(self) -> int:
        """Inputs of the network per frame, in the order of `FeatureMap`."""
        bands = self.bands if "mel" in self.extras else 0
        slopes = sum(name in self.extras for name in ("deltas", "delta_deltas")) * self.coefficients
        return self.coefficients + bands + self.values - self.direct + self.running_means + slopes

    def position(self, extra: str) -> int | None:
        """Where in the raw vector the values of an extra of `RAW_EXTRAS` begin; None without it."""
        if extra not in self.extras:
            return None
        names = list(RAW_EXTRAS)[: list(RAW_EXTRAS).index(extra)]
        return self.bands + 1 + sum(RAW_EXTRAS[name] for name in names if name in self.extras)

    def document(self) -> dict[str, Any]:
        """As `model.bin` says it, and as `edgectl features` reads it."""
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
        """How many frames the front end makes of one second of sound."""
        return self.sample_rate / self.hop
