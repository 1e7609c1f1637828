"""What the device does around the network, and how training jitters it."""

from __future__ import annotations

from dataclasses import dataclass, field

PREROLL_FRAMES, HANGOVER_FRAMES = 20, 30
"""What `edgectl features` opens before the first speech and keeps open behind the last."""

TIMES = {
    "recognition.context_ms": (1, 400),
    "recognition.interim_ms": (5, 400),
    "recognition.preroll_ms": (0, 100),
    "recognition.hangover_ms": (1, 500),
    "recognition.baseline.speech_ms": (1, 100_000),
    "recognition.baseline.session_gap_ms": (1, 360_000),
}
"""How many frames a device takes of each (`RecognitionParameters.check` in `Sources/Recognition`)."""

DETECTORS = {"energy": 1, "network": 2}
"""What cuts speech, and the version of it that devices know: the energy of its bands, or a detector's own file."""


@dataclass(frozen=True)
class Baseline:
    """The talker's baseline: b = (Σ μ_q + prior · g) / (n + prior) − g over the last n ≤ `segments`."""

    segments: int = 20
    prior: int = 2
    speech_ms: int = 300
    """Speech below which a segment tells too little of a talker to be remembered."""
    session_gap_ms: int = 30000
    """Silence after which the talker is taken to have left."""


@dataclass(frozen=True)
class Recognition:
    """What the device's recognizer does around the network. Times in milliseconds."""

    context_ms: int = 4000
    interim_ms: int = 500
    preroll_ms: int = 200
    hangover_ms: int = 300
    detector: str = "energy"
    detector_version: int = 1
    baseline: Baseline = field(default_factory=Baseline)
    bias_segments: int = 20
    """As if of how many past segments the talker's bias is, 1 to 64, once `offset` has measured what it is measured against (`bias.py`)."""


@dataclass(frozen=True)
class Segmentation:
    """How training jitters what the detector opens."""

    jitter: tuple[float, float] = (0.3, 1.7)
    """Factor on preroll and on hangover."""
    whole_share: float = 0.2
    """How often the whole clip is taken instead."""
    beginning_share: float = 0.0
    """How often the network hears only the first frames of either, 40 or any more, as the device's interim results do; its teachers hear all."""
    cold_share: float = 0.15
    """How often no past segment is known."""
    past_segments: int = 24
    """Otherwise their number is uniform in 1…`past_segments`."""
    together: int = 0
    """How many segments of one talker and version stand together in a batch, each other's past for a network that centres (0: they are dealt by length). Who has said fewer does not train it."""
    one_sided_share: float = 0.0
    """How often one emotion, most often the neutral one, prevails among these, as it does in life."""
