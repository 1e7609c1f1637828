"""The last steps before the network: cosine transform, running means and standardization."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from edged_train.recipe import FrontEnd


def cosine_transform(bands: int, coefficients: int) -> Tensor:
    """The orthonormal DCT-II as a matrix [bands, coefficients]: `logmel @ matrix` are the MFCC."""
    band = torch.arange(bands, dtype=torch.float64)[:, None] + 0.5
    order = torch.arange(coefficients, dtype=torch.float64)[None, :]
    matrix = torch.cos(math.pi * band * order / bands) * math.sqrt(2 / bands)
    matrix[:, 0] /= math.sqrt(2)
    return matrix


RUNNING_MEAN_PRIOR = 30
"""Frames of the mean that a running mean begins with, as the device's does."""

DEVIATIONS_IN_RANGE = 6.0
"""Deviations on either side of a column's mean that fill int8 on the device."""

RANGE_SHARE = 0.9999
"""Share of frames that must lie in that range."""

Contexts = Sequence[tuple[Tensor, Tensor]]
"""Batches of contexts: frames less g [batch, time, value], and which of them are valid [batch, time]."""


class FeatureMap:
    """From raw vectors to standardized columns, with the corpus mean g taken off before.

    The columns are the coefficients of the mel bands, the values behind the bands as they are, and the first
    coefficients less their running mean. Frames are kept less g, which half precision holds more exactly; `mean` is
    of columns of raw − baseline, so `standardize` puts g's own columns back.
    """

    def __init__(self, centre: Tensor, front_end: FrontEnd) -> None:
        """`centre` is g, [values]. Until `fit` has been called, mean is g's and deviation is 1."""
        self._bands = front_end.bands
        self._running = front_end.running_means
        matrix = cosine_transform(front_end.bands, front_end.coefficients)
        self._matrix = matrix.float()
        coefficients = (centre[: self._bands].double() @ matrix).float()
        # A running mean's distance from its coefficient knows nothing of g.
        self._centre = torch.cat([coefficients, centre[self._bands :], torch.zeros(self._running)])
        self.mean = self._centre.clone()
        self.deviation = torch.ones(front_end.columns)

    def fit(self, contexts: Contexts) -> None:
        """Takes mean and deviation over all valid frames of `contexts`."""
        # The running means begin at the coefficients' mean, so that has to be known before theirs.
        direct = len(self._centre) - self._running
        mean, deviation = _moments([self._direct(values)[valid] for values, valid in contexts])
        self.mean[:direct] = mean + self._centre[:direct]
        self.deviation[:direct] = deviation
        if self._running:
            relative = [self._relative(self._direct(values))[valid] for values, valid in contexts]
            self.mean[direct:], self.deviation[direct:] = _moments(relative)

    def restore(self, mean: Tensor, deviation: Tensor) -> None:
        """Sets `mean` and `deviation` as they were read from another feature map."""
        self.mean, self.deviation = mean.clone(), deviation.clone()

    def columns(self, centred: Tensor) -> Tensor:
        """Columns, less those of g, of whole contexts of frames less g [..., time, value]."""
        direct = self._direct(centred)
        return torch.cat([direct, self._relative(direct)], -1) if self._running else direct

    def standardize(self, columns: Tensor) -> Tensor:
        """What the network reads: zero mean, unit deviation over the training segments."""
        return (columns - (self.mean - self._centre)) / self.deviation

    def _direct(self, centred: Tensor) -> Tensor:
        coefficients = centred[..., : self._bands] @ self._matrix
        return torch.cat([coefficients, centred[..., self._bands :]], -1)

    def _relative(self, direct: Tensor) -> Tensor:
        """d − Σd/(t + 30) after t frames of a context, d being a coefficient less its mean."""
        distance = direct[..., : self._running] - (self.mean - self._centre)[: self._running]
        frames = torch.arange(1, distance.shape[-2] + 1, dtype=distance.dtype)[:, None]
        return distance - distance.cumsum(-2) / (frames + RUNNING_MEAN_PRIOR)


def _moments(rows: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Mean and deviation of each column over the rows of all tensors [row, column].

    A column with long tails, as the pitch, counts as wider than it is, so that int8 does not cut them off.
    """
    count = sum(len(part) for part in rows)
    mean = torch.stack([part.double().sum(0) for part in rows]).sum(0) / count
    squares = torch.stack([((part.double() - mean) ** 2).sum(0) for part in rows]).sum(0)
    deviation = (squares / count).clamp(min=1e-6).sqrt()
    distances = torch.cat([(part - mean.float()).abs() for part in rows])
    tail = distances.kthvalue(max(1, round(RANGE_SHARE * len(distances))), 0).values
    return mean.float(), torch.maximum(deviation.float(), tail / DEVIATIONS_IN_RANGE)
