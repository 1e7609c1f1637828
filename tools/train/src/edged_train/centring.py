"""Talker centring: of a vector once per decision, what the talker's past segments had on average is subtracted, as far as it helps.

The baseline does the like with what is heard, in front of the network; here it is what the network has made of it, pooled over a
segment, and how much is subtracted of each channel is learnt (`network.centre_segments`). In training the segments of a talker
stand in one batch and are each other's past (`together.py`). As the device has it:

    y = x − amount · Σ_j (x_j − mean) / (n + prior)

over the last n ≤ `segments` past segments of the talker; from then on older ones fade. It is the mean normalization of cepstra (Atal,
Journal of the Acoustical Society of America 55, 1974), over a talker's segments instead of frames.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

BEGINS_AT = 0.5
"""How much is subtracted before anything is learnt."""

MOMENTUM = 0.01
"""Weight of a batch in the mean of all talkers."""


class TalkerCentre(nn.Module):
    """How much of a talker's mean is subtracted, and what it is compared with."""

    def __init__(self, channels: int) -> None:
        """For vectors of so many channels."""
        super().__init__()
        self.amount = nn.Parameter(torch.full((channels,), BEGINS_AT))
        self.mean: Tensor
        self.batches: Tensor
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("batches", torch.zeros((), dtype=torch.long))

    def goes_on(self) -> None:
        """Its mean has been learnt: new batches move it, and do not begin it anew."""
        self.batches.fill_(round(1 / MOMENTUM))

    def among(self, vectors: Tensor, past: Tensor) -> Tensor:
        """What of each vector [batch, channel] is to be subtracted; row i of `past` weighs the others as its past. Learns the mean of all, in training."""
        if self.training:
            with torch.no_grad():
                self.batches += 1
                self.mean.lerp_(vectors.mean(0), max(MOMENTUM, 1 / int(self.batches)))
        return past @ (vectors - self.mean)

    def forward(self, vectors: Tensor, means: Tensor) -> Tensor:
        """Vectors [batch, channel] less as much as was learnt of the talker's means [batch, channel]."""
        return vectors - self.amount * means


class TalkerMean:
    """What one talker's past segments had on average, who is unknown at first."""

    def __init__(self, segments: int, prior: int, mean: Tensor) -> None:
        """Zero; as if of the last `segments` segments: older ones fade. `mean` is that of all talkers."""
        self.segments, self.prior, self.mean = segments, prior, mean
        self._sum, self._count = torch.zeros_like(mean), 0

    def add(self, vector: Tensor) -> None:
        """A segment is over, and this was its vector."""
        self._count += 1
        self._sum = self._sum + vector - self.mean
        if self._count > self.segments:
            self._sum = self._sum * (self.segments / self._count)
            self._count = self.segments

    @property
    def offset(self) -> Tensor:
        """Σ (x_j − mean) / (n + prior)."""
        return self._sum / (self._count + self.prior)
