"""Runs a `model.bin` from its JSON alone, by the definitions, in plain double-precision NumPy.

Knows nothing of the package: what the quantizer reads is what this reads.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import safe_open


def read(path: Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The `edge` document and all tensors, in double precision."""
    with safe_open(path, framework="np") as file:
        edge = json.loads(file.metadata()["edge"])
        tensors = {name: file.get_tensor(name).astype(np.float64) for name in file.keys()}  # noqa: SIM118
    return edge, tensors


def logits(path: Path, features: np.ndarray) -> np.ndarray:
    """What the last node before the softmax gives for one context, standardized features [time, coefficient]."""
    edge, tensors = read(path)
    values = {"features": features.astype(np.float64)}
    for node in edge["graph"]["nodes"]:
        inputs = [values[name] for name in node["inputs"]]
        if node["op"] == "softmax":
            return inputs[0]
        values[node["name"]] = OPERATORS[node["op"]](node, tensors, *inputs)
    raise AssertionError("no softmax")


def conv1d(node, tensors, rows):
    assert node["layout"] == "torch"
    if node["padding"] != "causal":
        flat = dict(node, kernel=[node["kernel"], 1], stride=[node["stride"], 1], dilation=[node["dilation"], 1])
        image = rows[:, None, :]
        return convolved(flat, tensors[node["weight"]][..., None], tensors[node["bias"]], image)[:, 0]
    weight = tensors[node["weight"]]
    bias = tensors[node["bias"]] if "bias" in node else 0
    output = []
    for time in range(0, len(rows), node["stride"]):
        total = np.zeros(weight.shape[0])
        for tap in range(node["kernel"]):
            past = time - (node["kernel"] - 1 - tap) * node["dilation"]
            if past >= 0:
                total += weight[:, :, tap] @ rows[past]
        output.append(total + bias)
    return np.array(output)


def conv2d(node, tensors, image):
    assert node["layout"] == "torch"
    return convolved(node, tensors[node["weight"]], tensors[node["bias"]], image)


def convolved(node, weight, bias, image):
    """Weights [out, in, rows, places] over [row, place, feature]; zeros around."""

    def output(taps):
        return bias + sum(weight[:, :, down, across] @ seen for (down, across), seen in taps)

    return over_plane(node, image, output)


def pooled(node, tensors, image, reduce):
    image, is_rows = (image, False) if image.ndim == 3 else (image[:, None, :], True)
    if is_rows:
        node = dict(node, kernel=[node["kernel"], 1], stride=[node["stride"], 1])
    result = over_plane(node, image, lambda taps: reduce([seen for _, seen in taps]))
    return result[:, 0] if is_rows else result


def over_plane(node, image, body):
    """What `body` makes, at every output place, of the taps that lie inside the image; FORMATS.md says where they do."""
    walks = []
    for axis in (0, 1):
        count, kernel, stride = image.shape[axis], node["kernel"][axis], node["stride"][axis]
        dilation = node.get("dilation", [1, 1])[axis]
        reach = (kernel - 1) * dilation + 1
        before = 0
        if node.get("padding", "valid") == "same":
            outputs = -(-count // stride)
            before = max((outputs - 1) * stride + reach - count, 0) // 2
        elif node.get("ceil"):
            outputs = len([start for start in range(0, count, stride) if start == 0 or start + reach - stride < count])
        else:
            outputs = (count - reach) // stride + 1
        starts = [index * stride - before for index in range(outputs)]
        walks.append([[(tap, start + tap * dilation) for tap in range(kernel)] for start in starts])
    inside = [range(image.shape[0]), range(image.shape[1])]
    return np.array(
        [
            [
                body(
                    [
                        ((down, across), image[row, place])
                        for down, row in rows
                        for across, place in places
                        if row in inside[0] and place in inside[1]
                    ]
                )
                for places in walks[1]
            ]
            for rows in walks[0]
        ]
    )


def window(node, tensors, rows):
    kept = rows[-node["frames"] :]
    return np.concatenate([kept, np.zeros((node["frames"] - len(kept), rows.shape[1]))])


def pack(node, tensors, rows):
    edges = np.cumsum(node["groups"])
    assert edges[-1] == rows.shape[1]
    parts = [rows[:, end - width : end].ravel() for end, width in zip(edges, node["groups"], strict=True)]
    return np.concatenate(parts).reshape(-1, node["channels"])


def simple_rnn(node, tensors, rows):
    state, output = np.zeros(node["hidden"]), []
    for row in rows:
        state = tensors[node["weight_input"]] @ row + tensors[node["weight_recurrent"]] @ state
        state = np.tanh(state + tensors[node["bias_input"]] + tensors[node["bias_recurrent"]])
        output.append(state)
    return np.array(output)


def max_pool(node, tensors, rows):
    return pooled(node, tensors, rows, lambda seen: np.max(seen, axis=0))


def average_pool(node, tensors, rows):
    return pooled(node, tensors, rows, lambda seen: np.mean(seen, axis=0))


def batch_norm(node, tensors, rows):
    gamma, beta, mean, variance = (tensors[node[key]] for key in ("gamma", "beta", "mean", "variance"))
    return (rows - mean) / np.sqrt(variance + node["epsilon"]) * gamma + beta


def lstm(node, tensors, rows):
    assert node["gate_order"] == "ifgo" and node["layout"] == "torch"
    size = node["hidden"]
    hidden, cell = np.zeros(size), np.zeros(size)
    output = []
    for row in rows:
        gates = tensors[node["weight_input"]] @ row + tensors[node["bias_input"]]
        gates = gates + tensors[node["weight_recurrent"]] @ hidden + tensors[node["bias_recurrent"]]
        i, f, g, o = gates.reshape(4, size)
        cell = sigmoid(f) * cell + sigmoid(i) * np.tanh(g)
        hidden = sigmoid(o) * np.tanh(cell)
        output.append(hidden)
    return np.array(output)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def attention_pool(node, tensors, values, scores):
    weights = np.exp(scores - scores.max())
    return (values * weights).sum(0) / weights.sum()


OPERATORS = {
    "window": window,
    "image": lambda node, tensors, x: x[:, :, None],
    "sequence": lambda node, tensors, x: x.reshape(len(x), -1),
    "flatten": lambda node, tensors, x: x.ravel(),
    "last": lambda node, tensors, x: x[-1],
    "pack": pack,
    "simple_rnn": simple_rnn,
    "conv2d": conv2d,
    "max_pool": max_pool,
    "max_pool2d": max_pool,
    "average_pool": average_pool,
    "average_pool2d": average_pool,
    "global_average_pool": lambda node, tensors, x: x.mean(tuple(range(x.ndim - 1))),
    "conv1d": conv1d,
    "batch_norm": batch_norm,
    "lstm": lstm,
    "attention_pool": attention_pool,
    "relu": lambda node, tensors, x: np.maximum(x, 0),
    # Of a talker who is unknown.
    "centre": lambda node, tensors, x: x,
    "add": lambda node, tensors, a, b: a + b,
    "concat": lambda node, tensors, *parts: np.concatenate(parts, axis=-1),
    "mean_pool": lambda node, tensors, x: x.mean(0),
    "statistics_pool": lambda node, tensors, x: np.concatenate([x.mean(0), x.std(0)]),
    "global_max_pool": lambda node, tensors, x: x.max(tuple(range(x.ndim - 1))),
    "dense": lambda node, tensors, x: x @ tensors[node["weight"]].T + tensors[node["bias"]],
}
