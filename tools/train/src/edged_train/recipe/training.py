"""The optimizer, its schedule, when to stop, and how the dev clips are judged."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Training:
    """The optimizer, its schedule, and when to stop."""

    epochs: int = 60
    batch: int = 32
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.05
    """On matrices and kernels only."""
    betas: tuple[float, float] = (0.9, 0.99)
    warm_up: float = 0.06
    """Share of all steps spent on linear warm-up, before `schedule`."""
    schedule: str = "cosine"
    """`cosine` to zero, or `plateau`: the rate is multiplied by `plateau_factor` after every `plateau` evaluations without a new best."""
    plateau: int = 3
    plateau_factor: float = 0.5
    clip_norm: float = 2.0
    average: float = 0.998
    """Decay of the exponential moving average of the weights, which is evaluated and exported."""
    label_smoothing: float = 0.05
    sharpness: float = 0.0
    """Radius of sharpness-aware training (ASAM; 0: off). Doubles the time."""
    distillation: float = 0.0
    """Weight of the mean answer of `train --teachers` in the targets (0: labels only)."""
    clean_teachers: bool = False
    """Whether the teachers get the clean clip where the student gets a masked or degraded version of it."""
    evaluate_every: int = 2
    """Epochs between evaluations on the dev clips."""
    patience: int = 12
    """Evaluations without a new best after which training stops."""


@dataclass(frozen=True)
class Evaluation:
    """How the dev clips are judged."""

    protocol: str = "sessions"
    """How the best checkpoint is chosen: in `sessions` as on the device, or on `whole` clips, each on its own."""
    orders: int = 3
    """Number of random orders of a talker's clips to average over."""
    gains_db: tuple[float, ...] = ()
    """Further microphone gains at which the dev clips are prepared and judged."""
