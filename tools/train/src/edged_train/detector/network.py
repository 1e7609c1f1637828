"""The detector's network: causal convolutions over a second and a half of frames, and two logits per frame.

Every layer gives a row for each frame, so that one pass judges all frames of a stream; on the device `last` takes
the current frame's row.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor, nn

CLASSES = 2
"""Noise, speech."""


class Layer(nn.Module):
    """A causal convolution, its normalization and a ReLU."""

    def __init__(self, inputs: int, outputs: int, kernel: int, dilation: int) -> None:
        """Weights as in `torch.nn.Conv1d`; no bias, since the normalization has one."""
        super().__init__()
        self.convolution = nn.Conv1d(inputs, outputs, kernel, dilation=dilation, bias=False)
        self.normalization = nn.BatchNorm1d(outputs)
        self.past = (kernel - 1) * dilation

    def forward(self, rows: Tensor) -> Tensor:
        """[stream, channel, frame] to the same number of frames; zeros before the first."""
        return F.relu(self.normalization(self.convolution(F.pad(rows, (self.past, 0)))))


class DetectorNetwork(nn.Module):
    """A first layer over neighbouring frames, then layers of growing dilation with residual connections."""

    def __init__(self, inputs: int, width: int, dilations: Sequence[int], kernel: int = 5) -> None:
        """`inputs` standardized coefficients per frame, `width` channels everywhere else."""
        super().__init__()
        self.first = Layer(inputs, width, kernel, 1)
        self.layers = nn.ModuleList([Layer(width, width, 3, dilation) for dilation in dilations])
        self.logits = nn.Conv1d(width, CLASSES, 1)

    @property
    def frames(self) -> int:
        """The receptive field, in frames."""
        return 1 + self.first.past + sum(int(layer.past) for layer in self.layers if isinstance(layer, Layer))

    def forward(self, features: Tensor) -> Tensor:
        """Logits [stream, class, frame] of features [stream, coefficient, frame]."""
        rows = self.first(features)
        for layer in self.layers:
            rows = rows + layer(rows)
        logits: Tensor = self.logits(rows)
        return logits
