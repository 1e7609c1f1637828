"""What the device does around the network, and how training jitters it."""

from __future__ import annotations

from dataclasses import dataclass, field

PREROLL_FRAMES, HANGOVER_FRAMES = 20, 30
"""Frames that `edgectl features` includes before the first speech frame and after the last."""

TIMES = {
    "recognition.context_ms": (1, 400),
    "recognition.interim_ms": (5, 400),
    "recognition.preroll_ms": (0, 100),
    "recognition.hangover_ms": (1, 500),
    "recognition.baseline.speech_ms": (1, 100_000),
    "recognition.baseline.session_gap_ms": (1, 360_000),
}
"""The device's limits for each, in frames (`RecognitionParameters.check` in `Sources/Recognition`)."""

DETECTORS = {"energy": 1, "network": 2}
"""The detectors, by band energy or by the network in a detector file, and the version of each that devices support."""


@dataclass(frozen=True)
class Baseline:
    """The talker's baseline: b = (Σ μ_q + prior · g) / (n + prior) − g over the last n ≤ `segments`."""

    segments: int = 20
    prior: int = 2
    speech_ms: int = 300
    """Least speech in a segment for it to be remembered."""
    session_gap_ms: int = 30000
    """Silence after which the talker is assumed to have left."""


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
    """Effective number of past segments in the talker's bias, 1 to 64; used once `offset` has measured its statistics (`bias.py`)."""


@dataclass(frozen=True)
class Segmentation:
    """How training jitters the detected segments."""

    jitter: tuple[float, float] = (0.3, 1.7)
    """Factor on preroll and on hangover."""
    whole_share: float = 0.2
    """How often the whole clip is taken instead."""
    beginning_share: float = 0.0
    """How often the network gets only the beginning of an example, of at least 40 frames, as for the device's interim results; its teachers get all."""
    cold_share: float = 0.15
    """How often the baseline has no past segments."""
    past_segments: int = 24
    """Otherwise their number is uniform in 1…`past_segments`."""
    together: int = 0
    """Segments of one talker and version that are grouped in a batch as each other's past, for a network that centres (0: batches by length). Talkers with fewer are not used."""
    one_sided_share: float = 0.0
    """Share of groups in which one emotion, most often neutral, prevails, as it does in life."""
