"""Talker centring: subtracts the mean of the talker's past segments from the pooled vector of each decision.

The baseline does this to the network's inputs. Here it is done to the network's own activations, pooled over a
segment, and the amount subtracted is learnt per channel (`network.centre_segments`). In training the segments of a talker
are in one batch and serve as each other's past (`together.py`). The device computes:

    y = x − amount · Σ_j (x_j − mean) / (n + prior)

over the last n ≤ `segments` past segments of the talker; beyond that, older ones fade. It is cepstral mean normalization (Atal,
Journal of the Acoustical Society of America 55, 1974), over a talker's segments instead of frames.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

BEGINS_AT = 0.5
"""Initial value of `amount`."""

MOMENTUM = 0.01
"""Weight of a batch in the running mean of all talkers."""


class TalkerCentre(nn.Module):
    """The learnt amounts, and the mean of all talkers."""

    def __init__(self, channels: int) -> None:
        """For vectors of `channels` values."""
        super().__init__()
        self.amount = nn.Parameter(torch.full((channels,), BEGINS_AT))
        self.mean: Tensor
        self.batches: Tensor
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("batches", torch.zeros((), dtype=torch.long))

    def goes_on(self) -> None:
        """Marks the mean as learnt: further batches update it instead of starting over."""
        self.batches.fill_(round(1 / MOMENTUM))

    def among(self, vectors: Tensor, past: Tensor) -> Tensor:
        """The talker's mean for each vector [batch, channel]; row i of `past` weights the others as its past. Updates the mean of all in training."""
        if self.training:
            with torch.no_grad():
                self.batches += 1
                self.mean.lerp_(vectors.mean(0), max(MOMENTUM, 1 / int(self.batches)))
        return past @ (vectors - self.mean)

    def forward(self, vectors: Tensor, means: Tensor) -> Tensor:
        """Vectors [batch, channel] less the learnt amount of the talker's means [batch, channel]."""
        return vectors - self.amount * means


class TalkerMean:
    """The mean of one talker's past segments, initially unknown."""

    def __init__(self, segments: int, prior: int, mean: Tensor) -> None:
        """Starts at zero and covers about the last `segments` segments: older ones fade. `mean` is that of all talkers."""
        self.segments, self.prior, self.mean = segments, prior, mean
        self._sum, self._count = torch.zeros_like(mean), 0

    def add(self, vector: Tensor) -> None:
        """Adds the vector of a finished segment."""
        self._count += 1
        self._sum = self._sum + vector - self.mean
        if self._count > self.segments:
            self._sum = self._sum * (self.segments / self._count)
            self._count = self.segments

    @property
    def offset(self) -> Tensor:
        """Σ (x_j − mean) / (n + prior)."""
        return self._sum / (self._count + self.prior)
