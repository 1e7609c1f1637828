"""The detector as a float model that `edgectl quantize` turns into the device's detector file."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save
from torch import Tensor

from edged_train import __version__, writing
from edged_train.detector.network import Layer
from edged_train.detector.training import Detector
from edged_train.recipe import FrontEnd

Tensors = dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class Thresholds:
    """When a frame counts as speech; the fields of the document's `detector` object."""

    open: float = 1.0
    """Log odds (natural) above which a frame may open a segment."""
    keep: float = 0.0
    """Log odds above which a frame keeps one open."""
    gate_open_db: float = 3.0
    """How far a frame must be above the floor to open a segment, whatever the network says."""
    gate_keep_db: float = 2.0
    """The same for keeping one open; below it the network is not run."""
    confirm_ms: int = 50
    """How long frames must pass `open` and `gate_open_db` without a break to open a segment."""


def export(detector: Detector, front_end: FrontEnd, thresholds: Thresholds, card: dict[str, Any], output: Path) -> int:
    """Writes `detector.bin` and returns its size in bytes. Raises `Problem` if it cannot be written."""
    tensors: Tensors = {
        "standardization.mean": _array(detector.mean),
        "standardization.deviation": _array(detector.deviation),
    }
    document = {
        "format": 1,
        "name": "speech detector",
        "detector": {"version": 2, **vars(thresholds)},
        "front_end": front_end.document(),
        "standardization": {"mean": "standardization.mean", "deviation": "standardization.deviation"},
        "graph": {"nodes": _nodes(detector, tensors)},
        "provenance": {
            **card,
            "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
            "tool": f"edged-train {__version__}",
        },
    }
    content = save(tensors, {"edge": json.dumps(document, ensure_ascii=False)})
    writing.write(output, content)
    return len(content)


def _nodes(detector: Detector, tensors: Tensors) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = []

    def add(name: str, op: str, inputs: list[str], **attributes: Any) -> str:
        nodes.append({"name": name, "op": op, "inputs": inputs, **attributes})
        return name

    def keep(name: str, tensor: Tensor) -> str:
        tensors[name] = _array(tensor)
        return name

    def layer(name: str, source: str, module: Layer) -> str:
        convolution, normalization = module.convolution, module.normalization
        assert normalization.running_mean is not None and normalization.running_var is not None
        value = add(
            name, "conv1d", [source], weight=keep(f"{name}.weight", convolution.weight), layout="torch",
            kernel=convolution.kernel_size[0], dilation=convolution.dilation[0], padding="causal",
        )  # fmt: skip
        value = add(
            f"{name}_norm", "batch_norm", [value], epsilon=normalization.eps,
            gamma=keep(f"{name}.gamma", normalization.weight), beta=keep(f"{name}.beta", normalization.bias),
            mean=keep(f"{name}.mean", normalization.running_mean),
            variance=keep(f"{name}.variance", normalization.running_var),
        )  # fmt: skip
        return add(f"{name}_relu", "relu", [value])

    network = detector.network
    value = layer("first", "features", network.first)
    for index, module in enumerate(network.layers):
        assert isinstance(module, Layer)
        value = add(f"add{index}", "add", [value, layer(f"layer{index}", value, module)])
    value = add("frame", "last", [value])
    weight, bias = network.logits.weight[:, :, 0], network.logits.bias
    assert bias is not None
    value = add(
        "logits", "dense", [value], layout="torch", weight=keep("logits.weight", weight), bias=keep("logits.bias", bias)
    )
    add("scores", "softmax", [value])
    return nodes


def _array(tensor: Tensor) -> NDArray[np.float32]:
    return np.ascontiguousarray(tensor.detach().cpu().numpy(), dtype=np.float32)
