"""The network in double precision, from the definitions: what every other form of it is compared with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from edged_bench.model import Layer, Network

Rows = NDArray[np.float64]


def logits(network: Network, features: Rows) -> Rows:
    """The logits of one window [frames, width]."""
    values: dict[str, Rows] = {"features": features.astype(np.float64)}
    for layer in network.layers:
        values[layer.name] = _run(layer, [values[name] for name in layer.inputs])
    return values[network.layers[-1].name].reshape(-1)


def _run(layer: Layer, inputs: list[Rows]) -> Rows:
    first = inputs[0]
    match layer.kind:
        case "conv1d":
            result = _convolution(layer, first)
        case "dense":
            result = first @ layer.matrix.T.astype(np.float64) + layer.offsets
        case "lstm":
            result = _lstm(layer, first)
        case "add":
            result = inputs[0] + inputs[1]
        case "concat":
            result = np.concatenate(inputs, -1)
        case "attention_pool":
            weights = np.exp(inputs[1] - inputs[1].max())
            result = (weights * first).sum(0) / weights.sum()
        case "mean_pool":
            result = first.mean(0)
        case "statistics_pool":
            result = np.concatenate([first.mean(0), first.std(0)])
        case "global_max_pool":
            result = first.max(0)
        case _:
            raise NotImplementedError(f"layer {layer.name}: {layer.kind}")
    return np.maximum(result, 0) if layer.relu else result


def _convolution(layer: Layer, rows: Rows) -> Rows:
    kernel = layer.matrix.shape[1]
    padded = np.concatenate([np.zeros(((kernel - 1) * layer.dilation, rows.shape[1])), rows])
    result = sum(
        padded[tap * layer.dilation :][: len(rows)] @ layer.matrix[:, tap].T.astype(np.float64) for tap in range(kernel)
    )
    return np.asarray(result)[:: layer.stride] + layer.offsets


def _lstm(layer: Layer, rows: Rows) -> Rows:
    assert layer.recurrent is not None
    hidden = layer.recurrent.shape[1]
    state, cell, results = np.zeros(hidden), np.zeros(hidden), []
    for row in rows @ layer.matrix.T.astype(np.float64) + layer.offsets:
        i, f, g, o = np.split(row + layer.recurrent.astype(np.float64) @ state, 4)
        cell = _sigmoid(f) * cell + _sigmoid(i) * np.tanh(g)
        state = _sigmoid(o) * np.tanh(cell)
        results.append(state)
    return np.array(results)


def _sigmoid(x: Rows) -> Rows:
    return 1 / (1 + np.exp(-x))
