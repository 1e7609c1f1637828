"""Sharpness-aware training: each gradient is taken where the loss nearby is highest, which favours flat minima.

The adaptive form, ASAM, scales each weight's step by its magnitude (Kwon, Kim, Park, Choi: ASAM: Adaptive
Sharpness-Aware Minimization for Scale-Invariant Learning of Deep Neural Networks. ICML 2021). Only matrices and kernels move.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

SMALLEST_NORM = 1e-12
"""Added to the gradient's norm to avoid division by zero."""


@contextmanager
def uphill(network: nn.Module, radius: float) -> Iterator[None]:
    """Moves the weights along their gradients to the worst point within `radius`, and restores them exactly afterwards."""
    slopes = [(weight, weight.grad) for weight in network.parameters() if weight.grad is not None and weight.ndim > 1]
    before = [weight.detach().clone() for weight, _ in slopes]
    with torch.no_grad():
        norm = torch.stack([(weight * slope).square().sum() for weight, slope in slopes]).sum().sqrt() + SMALLEST_NORM
        for weight, slope in slopes:
            weight.add_(weight.square() * slope, alpha=float(radius / norm))
    yield
    with torch.no_grad():
        for (weight, _), value in zip(slopes, before, strict=True):
            weight.copy_(value)
