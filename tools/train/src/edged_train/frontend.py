"""The last steps before the network: cosine transform and standardization."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def cosine_transform(bands: int, coefficients: int) -> Tensor:
    """The orthonormal DCT-II as a matrix [bands, coefficients]: `logmel @ matrix` are the MFCC."""
    band = torch.arange(bands, dtype=torch.float64)[:, None] + 0.5
    order = torch.arange(coefficients, dtype=torch.float64)[None, :]
    matrix = torch.cos(math.pi * band * order / bands) * math.sqrt(2 / bands)
    matrix[:, 0] /= math.sqrt(2)
    return matrix


class FeatureMap:
    """From log mel power to standardized coefficients, with the corpus mean g taken off before.

    Frames are kept less g, which half precision holds more exactly. `mean` is of coefficients of raw − baseline,
    so `standardize` puts g's own coefficients back.
    """

    def __init__(self, centre: Tensor, coefficients: int) -> None:
        """`centre` is g, [bands]. Until `fit` has been called, mean is g's and deviation is 1."""
        matrix = cosine_transform(len(centre), coefficients)
        self._matrix = matrix.float()
        self._centre = (centre.double() @ matrix).float()
        self.mean = self._centre.clone()
        self.deviation = torch.ones(coefficients)

    def fit(self, mean: Tensor, deviation: Tensor) -> None:
        """Sets the statistics of `coefficients`, which lack g."""
        self.mean = mean + self._centre
        self.deviation = deviation.clone()

    def restore(self, mean: Tensor, deviation: Tensor) -> None:
        """Sets `mean` and `deviation` as they were read from another feature map."""
        self.mean, self.deviation = mean.clone(), deviation.clone()

    def coefficients(self, centred: Tensor) -> Tensor:
        """Coefficients, less those of g, of frames less g [..., bands]."""
        return centred @ self._matrix

    def standardize(self, coefficients: Tensor) -> Tensor:
        """What the network reads: zero mean, unit deviation over the training segments."""
        return (coefficients - (self.mean - self._centre)) / self.deviation
