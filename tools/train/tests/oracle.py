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
    assert node["layout"] == "torch" and node["padding"] == "causal"
    weight = tensors[node["weight"]]
    output = []
    for time in range(0, len(rows), node["stride"]):
        total = np.zeros(weight.shape[0])
        for tap in range(node["kernel"]):
            past = time - (node["kernel"] - 1 - tap) * node["dilation"]
            if past >= 0:
                total += weight[:, :, tap] @ rows[past]
        output.append(total)
    return np.array(output)


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
    "conv1d": conv1d,
    "batch_norm": batch_norm,
    "lstm": lstm,
    "attention_pool": attention_pool,
    "relu": lambda node, tensors, x: np.maximum(x, 0),
    "add": lambda node, tensors, a, b: a + b,
    "concat": lambda node, tensors, *parts: np.concatenate(parts, axis=-1),
    "mean_pool": lambda node, tensors, x: x.mean(0),
    "statistics_pool": lambda node, tensors, x: np.concatenate([x.mean(0), x.std(0)]),
    "global_max_pool": lambda node, tensors, x: x.max(0),
    "dense": lambda node, tensors, x: x @ tensors[node["weight"]].T + tensors[node["bias"]],
}
