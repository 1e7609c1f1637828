"""The float network of a `model.bin`, with batch normalizations and ReLUs folded into what is before them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from edged_bench.front_ends import MelBands
from edged_bench.problem import Problem

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Layer:
    """One operator: what it is called, what it computes, and from which layers."""

    name: str
    kind: str
    inputs: tuple[str, ...]
    #: [outputs, kernel, channels] of a convolution, [outputs, channels] of a dense.
    weight: Array | None = None
    bias: Array | None = None
    relu: bool = False
    stride: int = 1
    dilation: int = 1
    #: Of an LSTM: its matrices [4 · hidden, channels] and [4 · hidden, hidden], gates in order i, f, g, o.
    recurrent: Array | None = None

    @property
    def matrix(self) -> Array:
        """The weights, of a layer that has some."""
        assert self.weight is not None
        return self.weight

    @property
    def offsets(self) -> Array:
        """The biases, zeros where there are none."""
        return np.zeros(len(self.matrix), np.float32) if self.bias is None else self.bias


@dataclass(frozen=True)
class Network:
    """Layers in the order they run; the first reads `features`, the last makes the logits."""

    width: int
    bands: MelBands
    classes: tuple[str, ...]
    temperature: float
    layers: tuple[Layer, ...]


def read(path: Path) -> Network:
    """The network of the file `path`."""
    try:
        with safe_open(path, framework="numpy") as file:
            document = json.loads((file.metadata() or {}).get("edge", "{}"))
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dict)
    except (OSError, SafetensorError, json.JSONDecodeError) as error:
        raise Problem(f"cannot read the float model {path}: {error}") from None
    if "graph" not in document or "front_end" not in document:
        raise Problem(f"{path} has no graph or front end: name a model.bin that tools/train wrote")
    front_end = document["front_end"]
    layers = _folded([_layer(node, tensors) for node in document["graph"]["nodes"]], document, tensors)
    first = next(layer for layer in layers if "features" in layer.inputs)
    return Network(
        width=first.matrix.shape[-1],
        bands=MelBands(front_end["bands"], front_end["fmin"], front_end["fmax"]),
        classes=tuple(document["classes"]),
        temperature=float(document.get("temperature", 1)),
        layers=tuple(layers),
    )


def _layer(node: Mapping[str, Any], tensors: Mapping[str, Array]) -> Layer:
    kind = node["op"]
    layer = Layer(node["name"], kind, tuple(node["inputs"]))
    if node.get("layout", "torch") != "torch" or node.get("padding", "causal") != "causal":
        raise Problem(f"layer {node['name']}: only causal convolutions in PyTorch's layout are compared")
    if kind == "conv1d":
        weight = tensors[node["weight"]].transpose(0, 2, 1)
        layer = replace(layer, weight=weight, stride=node["stride"], dilation=node["dilation"])
    elif kind == "dense":
        layer = replace(layer, weight=tensors[node["weight"]])
    elif kind == "lstm":
        return replace(
            layer,
            weight=tensors[node["weight_input"]],
            recurrent=tensors[node["weight_recurrent"]],
            bias=tensors[node["bias_input"]] + tensors[node["bias_recurrent"]],
        )
    return replace(layer, bias=tensors[node["bias"]]) if "bias" in node else layer


def _folded(layers: list[Layer], document: Mapping[str, Any], tensors: Mapping[str, Array]) -> list[Layer]:
    nodes = {node["name"]: node for node in document["graph"]["nodes"]}
    kept: dict[str, Layer] = {}
    alias: dict[str, str] = {}
    for layer in layers:
        layer = replace(layer, inputs=tuple(alias.get(name, name) for name in layer.inputs))
        source = layer.inputs[0]
        if layer.kind == "batch_norm":
            node = nodes[layer.name]
            factor = tensors[node["gamma"]] / np.sqrt(tensors[node["variance"]] + node["epsilon"])
            offset = tensors[node["beta"]] - tensors[node["mean"]] * factor
            before = kept[source]
            shape = (-1,) + (1,) * (before.matrix.ndim - 1)
            kept[source] = replace(
                before, weight=before.matrix * factor.reshape(shape), bias=before.offsets * factor + offset
            )
            alias[layer.name] = source
        elif layer.kind == "relu":
            kept[source] = replace(kept[source], relu=True)
            alias[layer.name] = source
        elif layer.kind == "centre":
            # It subtracts nothing while the talker is unknown, as here.
            alias[layer.name] = source
        elif layer.kind != "softmax":
            kept[layer.name] = layer
    return list(kept.values())
