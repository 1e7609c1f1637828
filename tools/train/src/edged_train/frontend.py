"""The last steps before the network: cosine transform, running means, slopes and standardization."""

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
"""Prior weight of a coefficient's mean in its running mean, in frames, as on the device."""

DEVIATIONS_IN_RANGE = 6.0
"""Standard deviations on either side of a column's mean that span int8 on the device."""

RANGE_SHARE = 0.9999
"""Share of frames that must lie in that range."""

Contexts = Sequence[tuple[Tensor, Tensor]]
"""Batches of contexts: frames less g [batch, time, value], and which of them are valid [batch, time]."""


class FeatureMap:
    """Maps raw vectors, less the corpus mean g, to standardized columns.

    The columns are the cepstral coefficients, the mel bands themselves (`mel`), the values behind them unchanged,
    the first coefficients less their running mean, slopes of all coefficients (`deltas`) and slopes of those.
    Frames are stored less g because half precision is then more exact. `mean` refers to columns of raw − baseline,
    so `standardize` adds g's own columns back.
    """

    def __init__(self, centre: Tensor, front_end: FrontEnd) -> None:
        """`centre` is g, [values]. Until `fit` has been called, mean is g's and deviation is 1."""
        self._bands, self._coefficients = front_end.bands, front_end.coefficients
        self._keeps_bands, self._first_direct = "mel" in front_end.extras, front_end.direct
        self._running = front_end.running_means
        self._slopes = sum(name in front_end.extras for name in ("deltas", "delta_deltas"))
        matrix = cosine_transform(front_end.bands, front_end.coefficients)
        self._matrix = matrix.float()
        coefficients = (centre[: self._bands].double() @ matrix).float()
        # g cancels in slopes and in a coefficient's distance from its running mean.
        free = torch.zeros(self._running + self._slopes * self._coefficients)
        self._direct_count = front_end.columns - len(free)
        self._centre = torch.cat([coefficients, *self._kept(centre), free])
        self.mean = self._centre.clone()
        self.deviation = torch.ones(front_end.columns)

    def fit(self, contexts: Contexts) -> None:
        """Sets mean and deviation from all valid frames of `contexts`."""
        # The running means start at the coefficients' mean, which must therefore be known first.
        direct = self._direct_count
        mean, deviation = _moments([self._direct(values)[valid] for values, valid in contexts])
        self.mean[:direct] = mean + self._centre[:direct]
        self.deviation[:direct] = deviation
        if len(self.mean) > direct:
            derived = [self._derived(self._direct(values))[valid] for values, valid in contexts]
            self.mean[direct:], self.deviation[direct:] = _moments(derived)

    def restore(self, mean: Tensor, deviation: Tensor) -> None:
        """Sets `mean` and `deviation` from another feature map."""
        self.mean, self.deviation = mean.clone(), deviation.clone()

    def columns(self, centred: Tensor) -> Tensor:
        """Columns less those of g, from whole contexts of frames less g [..., time, value]."""
        direct = self._direct(centred)
        return torch.cat([direct, self._derived(direct)], -1)

    def standardize(self, columns: Tensor) -> Tensor:
        """The network's input: zero mean and unit deviation over the training segments."""
        return (columns - (self.mean - self._centre)) / self.deviation

    def _direct(self, centred: Tensor) -> Tensor:
        coefficients = centred[..., : self._bands] @ self._matrix
        return torch.cat([coefficients, *self._kept(centred)], -1)

    def _kept(self, values: Tensor) -> list[Tensor]:
        """The values of raw vectors [..., value] that the network gets unchanged."""
        direct = values[..., self._first_direct :]
        return [values[..., : self._bands], direct] if self._keeps_bands else [direct]

    def _derived(self, direct: Tensor) -> Tensor:
        """Columns from coefficients over time: relative ones, slopes, slopes of slopes."""
        parts, slope = [self._relative(direct)], direct[..., : self._coefficients]
        for _ in range(self._slopes):
            slope = _slope(slope)
            parts.append(slope)
        return torch.cat(parts, -1)

    def _relative(self, direct: Tensor) -> Tensor:
        """d − Σd/(t + 30) after t frames of a context, where d is a coefficient less its mean."""
        distance = direct[..., : self._running] - (self.mean - self._centre)[: self._running]
        frames = torch.arange(1, distance.shape[-2] + 1, dtype=distance.dtype)[:, None]
        return distance - distance.cumsum(-2) / (frames + RUNNING_MEAN_PRIOR)


def _slope(rows: Tensor) -> Tensor:
    """Regression slope over five frames [..., time, column]: (2·(x₀ − x₄) + (x₁ − x₃)) / 10, x₀ the newest.

    A context's first frame is repeated before its start.
    """
    time = rows.shape[-2]
    past = torch.cat([rows[..., :1, :].expand(*rows.shape[:-2], 4, rows.shape[-1]), rows], -2)

    def before(frames: int) -> Tensor:
        return past[..., 4 - frames : 4 - frames + time, :]

    return (2 * (before(0) - before(4)) + before(1) - before(3)) / 10


def _moments(rows: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Mean and deviation of each column over the rows of all tensors [row, column].

    The deviation of a column with long tails, such as pitch, is enlarged so that int8 does not clip them.
    """
    count = sum(len(part) for part in rows)
    mean = torch.stack([part.double().sum(0) for part in rows]).sum(0) / count
    squares = torch.stack([((part.double() - mean) ** 2).sum(0) for part in rows]).sum(0)
    deviation = (squares / count).clamp(min=1e-6).sqrt()
    distances = torch.cat([(part - mean.float()).abs() for part in rows])
    tail = distances.kthvalue(max(1, round(RANGE_SHARE * len(distances))), 0).values
    return mean.float(), torch.maximum(deviation.float(), tail / DEVIATIONS_IN_RANGE)
