"""The same trained network in all its forms, over the same windows of the same speech, and how well they agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from edged_bench import litert_network, onnx_network, oracle
from edged_bench.engine import Engine
from edged_bench.litert import LiteRT
from edged_bench.model import Network
from edged_bench.problem import Problem

#: Frames of a window: 2.8 s.
FRAMES = 280
#: Feature codes are standardized values over six deviations in 127 steps.
STEP = 6 / 127


@dataclass(frozen=True)
class Agreement:
    """How a form's logits compare with the double-precision network's."""

    #: The share of windows with the same greatest logit.
    labels: float
    #: The power of the logits over that of their error, in dB.
    decibels: float


@dataclass(frozen=True)
class Form:
    """The network in one engine."""

    name: str
    #: Runs the network over one window.
    run: Callable[[], object]
    agreement: Agreement


class _Runtime(Protocol):
    def set(self, values: NDArray[np.float32], /) -> None: ...
    def invoke(self) -> Any: ...


def windows(engine: Engine, network: Network, samples: NDArray[np.int16]) -> NDArray[np.int8]:
    """Feature codes of the speech, cut into windows [windows, FRAMES, width]."""
    rows = engine.features(samples, network.width)
    count = len(rows) // FRAMES
    if not count:
        raise Problem(f"the recording is shorter than a window of {FRAMES / 100} s: name a longer one")
    return rows[: count * FRAMES].reshape(count, FRAMES, network.width)


def our_agreement(engine: Engine, network: Network, codes: NDArray[np.int8]) -> Agreement:
    """Of the device's int8 network."""
    return agreement(_wanted(network, codes), engine.logits(codes, len(network.classes)) * network.temperature)


def forms(network: Network, codes: NDArray[np.int8]) -> list[Form]:
    """The network in LiteRT and ONNX Runtime, calibrated with the windows that it is then compared on.

    A float form that does not agree with the network's definition is refused: it would be another network.
    """
    real = (codes * np.float32(STEP)).astype(np.float32)
    wanted = _wanted(network, codes)
    floating = onnx_network.convert(network, FRAMES)
    runtimes: dict[str, _Runtime] = {
        "LiteRT int8": LiteRT(litert_network.convert(network, FRAMES, real)),
        "ONNX Runtime float": onnx_network.OnnxRuntime(floating),
        "ONNX Runtime int8 (QDQ)": onnx_network.OnnxRuntime(onnx_network.quantized_statically(floating, real)),
        "ONNX Runtime int8 (dynamic)": onnx_network.OnnxRuntime(onnx_network.quantized_dynamically(floating)),
    }
    result = []
    for name, runtime in runtimes.items():
        found = agreement(wanted, _logits(runtime, real))
        if found.labels < 0.75 or ("float" in name and found.decibels < 80):
            raise Problem(f"{name} computes another network: {found.labels:.0%} of labels, {found.decibels:.1f} dB")
        runtime.set(real[0])
        result.append(Form(name, runtime.invoke, found))
    return result


def agreement(wanted: NDArray[np.float64], found: NDArray[np.float64]) -> Agreement:
    """How `found` compares with `wanted`, both [windows, classes]."""
    labels = float((found.argmax(1) == wanted.argmax(1)).mean())
    error = float(((found - wanted) ** 2).sum())
    return Agreement(labels, 10 * float(np.log10((wanted**2).sum() / error)) if error else float("inf"))


def _wanted(network: Network, codes: NDArray[np.int8]) -> NDArray[np.float64]:
    return np.array([oracle.logits(network, window * STEP) for window in codes])


def _logits(runtime: _Runtime, windows: NDArray[np.float32]) -> NDArray[np.float64]:
    rows = []
    for window in windows:
        runtime.set(window)
        result = runtime.invoke()
        rows.append(np.ravel(runtime.output() if isinstance(runtime, LiteRT) else result))
    return np.array(rows, np.float64)
