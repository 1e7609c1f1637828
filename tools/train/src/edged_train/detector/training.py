"""Trains the detector's network on prepared streams."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from edged_train import run
from edged_train.detector.network import DetectorNetwork
from edged_train.detector.prepare import Streams
from edged_train.detector.streams import UNSURE
from edged_train.frontend import DEVIATIONS_IN_RANGE, cosine_transform
from edged_train.problem import Problem


@dataclass(frozen=True)
class Settings:
    """The network and its training."""

    coefficients: int = 24
    width: int = 16
    dilations: tuple[int, ...] = (1, 2, 4, 8, 16, 32)
    epochs: int = 40
    batch: int = 16
    """Streams per step."""
    learning_rate: float = 4e-3
    weight_decay: float = 1e-3
    gain: float = 0.7
    """Standard deviation of the gain added to a stream, natural log of power; the streams' own levels differ already."""
    speech_weight: float = 0.5
    """Weight of speech in the loss, whatever its share of the frames."""
    seed: int = 0


@dataclass
class Detector:
    """A trained network and the standardization of its inputs."""

    settings: Settings
    mean: Tensor
    deviation: Tensor
    network: DetectorNetwork

    def features(self, bands: Tensor) -> Tensor:
        """Standardized coefficients [stream, coefficient, frame] of bands [stream, frame, band], clipped to int8's range."""
        matrix = cosine_transform(bands.shape[-1], self.settings.coefficients).float()
        standard = (bands @ matrix - self.mean) / self.deviation
        return standard.clamp(-DEVIATIONS_IN_RANGE, DEVIATIONS_IN_RANGE).transpose(1, 2)

    def odds(self, streams: Streams) -> NDArray[np.float32]:
        """Log odds (natural) of speech for each frame; the network restarts with each stream."""
        self.network.eval()
        found = []
        with torch.no_grad():
            for start, end in zip(streams.offsets[:-1], streams.offsets[1:], strict=True):
                logits = self.network(self.features(torch.from_numpy(streams.bands[start:end])[None]))[0]
                found.append((logits[1] - logits[0]).numpy())
        return np.concatenate(found)

    def save(self, path: Path) -> None:
        """Writes everything that `load_detector` needs. Raises `Problem` if it cannot be written."""
        run.save(
            path,
            {
                "settings": json.dumps(asdict(self.settings)),
                "mean": self.mean,
                "deviation": self.deviation,
                "network": self.network.state_dict(),
            },
        )


def load_detector(path: Path) -> Detector:
    """Reads what `save` wrote. Raises `Problem` if it cannot be read."""
    try:
        stored = torch.load(path, weights_only=True)
    except OSError as error:
        raise Problem(f"cannot read {path}: {error.strerror}; make it with “edged-train detector train”") from error
    values = json.loads(stored["settings"])
    settings = Settings(**{**values, "dilations": tuple(values["dilations"])})
    network = DetectorNetwork(settings.coefficients, settings.width, settings.dilations)
    network.load_state_dict(stored["network"])
    return Detector(settings, stored["mean"], stored["deviation"], network)


def train(
    streams: Streams, settings: Settings, told: Callable[[int, float], None], start: Detector | None = None
) -> Detector:
    """Trains on streams of equal length, from `start` if given; `told` is called with each epoch and its mean loss."""
    torch.manual_seed(settings.seed)
    torch.set_flush_denormal(True)
    lengths = np.diff(streams.offsets)
    if len(set(lengths.tolist())) != 1:
        raise Problem("training streams must be of one length; prepare them anew")
    bands = torch.from_numpy(streams.bands).view(len(lengths), int(lengths[0]), -1)
    truth = torch.from_numpy(streams.truth).view(len(lengths), -1).long()
    network = DetectorNetwork(settings.coefficients, settings.width, settings.dilations)
    coefficients = bands[::4] @ cosine_transform(bands.shape[-1], settings.coefficients).float()
    deviation, mean = torch.std_mean(coefficients.flatten(0, 1), 0)
    detector = Detector(settings, mean, deviation, network)
    if start:
        detector.mean, detector.deviation = start.mean, start.deviation
        network.load_state_dict(start.network.state_dict())

    share = (truth == 1).sum() / (truth != UNSURE).sum()
    weights = torch.tensor([(1 - settings.speech_weight) / (1 - share), settings.speech_weight / share])
    steps = settings.epochs * (len(lengths) // settings.batch)
    optimizer = torch.optim.AdamW(network.parameters(), settings.learning_rate, weight_decay=settings.weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, settings.learning_rate, total_steps=steps, pct_start=0.15)
    for epoch in range(settings.epochs):
        network.train()
        order = torch.randperm(len(lengths))[: len(lengths) // settings.batch * settings.batch]
        total = 0.0
        for chosen in order.view(-1, settings.batch):
            gain = torch.randn(settings.batch, 1, 1) * settings.gain
            logits = network(detector.features(bands[chosen] + gain))
            target = truth[chosen].masked_fill(truth[chosen] == UNSURE, -100)
            loss = F.cross_entropy(logits, target, weights, ignore_index=-100)
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
        told(epoch, total / (len(order) // settings.batch))
    return detector
