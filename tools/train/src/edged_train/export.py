"""`model.bin`: a safetensors file with one JSON document, `edge`, in its metadata that says how to run it."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save
from torch import Tensor, nn

from edged_train import __version__, graph, layers, origin, writing
from edged_train.centring import TalkerCentre
from edged_train.evaluation import Temperatures
from edged_train.network import CausalConvolution, GraphNetwork
from edged_train.planes import PlaneConvolution
from edged_train.run import Trained

Tensors = dict[str, NDArray[np.float32]]

FORMAT = 1
"""Version of the `edge` document."""


def export(
    trained: Trained, fitted: Temperatures, accuracy: dict[str, Any], output: Path, split: str = "not stated"
) -> int:
    """Writes `model.bin` and returns its size in bytes; `split` says in its card what was held out. Raises `Problem` if it cannot be written."""
    tensors: Tensors = {
        "standardization.mean": _array(trained.feature_map.mean),
        "standardization.deviation": _array(trained.feature_map.deviation),
        "baseline.mean": _array(trained.centre),
    }
    if trained.bias:
        tensors["bias.means"] = trained.bias.means.astype(np.float32)
    nodes, parameters = described(trained.network)
    tensors |= {name: _array(parameter) for name, parameter in parameters.items()}
    edge = _document(trained, nodes, fitted, accuracy, split)
    content = save(tensors, {"edge": json.dumps(edge, ensure_ascii=False)})
    writing.write(output, content)
    return len(content)


def described(network: GraphNetwork) -> tuple[list[dict[str, Any]], dict[str, Tensor]]:
    """The nodes as `model.bin` lists them, and the network's tensors by their names there."""
    tensors: dict[str, Tensor] = {}
    modules = dict(network.operators.items())
    nodes = [_node(node, modules.get(node.name), tensors) for node in graph.without_dropout(network.nodes)]
    return nodes, tensors


def _document(
    trained: Trained, nodes: list[dict[str, Any]], fitted: Temperatures, accuracy: dict[str, Any], split: str
) -> dict[str, Any]:
    recipe = trained.recipe
    recognition, data = recipe.recognition, recipe.data
    document: dict[str, Any] = {
        "format": FORMAT,
        "name": recipe.name,
        "classes": list(recipe.classes),
        "front_end": recipe.front_end.document(),
        "standardization": {"mean": "standardization.mean", "deviation": "standardization.deviation"},
        "recognition": {
            "context_ms": recognition.context_ms,
            "interim_ms": recognition.interim_ms,
            "preroll_ms": recognition.preroll_ms,
            "hangover_ms": recognition.hangover_ms,
            "detector": {"kind": recognition.detector, "version": recognition.detector_version},
            "baseline": {
                "segments": recognition.baseline.segments,
                "prior": recognition.baseline.prior,
                "speech_ms": recognition.baseline.speech_ms,
                "session_gap_ms": recognition.baseline.session_gap_ms,
                "mean": "baseline.mean",
            },
        },
        "graph": {"nodes": nodes},
        "temperature": fitted.unknown,
        "known_temperature": fitted.known,
        "provenance": {
            "data": data.title,
            "licence": data.licence,
            "split": f"{split}; all figures are of the dev part",
            "accuracy": accuracy,
            "languages": list(data.languages),
            "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
            "tool": f"edged-train {__version__}",
        },
    }
    if trained.bias:
        document["recognition"]["bias"] = {
            "segments": recognition.bias_segments,
            "prior": trained.bias.prior,
            "variance": trained.bias.variance,
            "means": "bias.means",
        }
    # The epoch and the seed of a mean would be those of its first member.
    made = {"averaged": list(trained.averaged)} if trained.averaged else {"epoch": trained.epoch, "seed": recipe.seed}
    document["provenance"] |= made
    if data.attribution:
        document["provenance"]["attribution"] = data.attribution
    began_with = origin.to_card(trained.began_with, recipe)
    if began_with:
        document["provenance"]["began_with"] = began_with
    if trained.joined:
        document["provenance"]["joined"] = list(trained.joined)
    if trained.offsets:
        document["provenance"]["offsets"] = {name: round(value, 4) for name, value in trained.offsets.items()}
    if recipe.labels:
        document["labels"] = recipe.labels
    return document


def _node(node: graph.Node, module: nn.Module | None, tensors: dict[str, Tensor]) -> dict[str, Any]:
    described: dict[str, Any] = {"name": node.name, "op": node.op, "inputs": list(node.inputs)}

    def keep(key: str, tensor: Tensor) -> None:
        name = f"{node.name}.{key}"
        tensors[name] = tensor
        described[key] = name

    if isinstance(module, (CausalConvolution, PlaneConvolution)):
        described |= {"layout": "torch", "padding": node.attributes.get("padding", "causal")}
        described |= {key: _sizes(node, key) for key in ("kernel", "stride", "dilation")}
        keep("weight", module.weight)
        if module.bias is not None:
            keep("bias", module.bias)
    elif isinstance(module, nn.BatchNorm1d):
        assert module.running_mean is not None and module.running_var is not None
        keep("gamma", module.weight)
        keep("beta", module.bias)
        keep("mean", module.running_mean)
        keep("variance", module.running_var)
        described["epsilon"] = module.eps
    elif isinstance(module, (nn.LSTM, nn.RNN)):
        described |= {"hidden": module.hidden_size, "layout": "torch"}
        described |= {"gate_order": "ifgo"} if isinstance(module, nn.LSTM) else {}
        for kind in ("weight", "bias"):
            keep(f"{kind}_input", module.get_parameter(f"{kind}_ih_l0"))
            keep(f"{kind}_recurrent", module.get_parameter(f"{kind}_hh_l0"))
    elif isinstance(module, nn.Linear):
        described["layout"] = "torch"
        keep("weight", module.weight)
        keep("bias", module.bias)
    elif isinstance(module, TalkerCentre):
        described |= {"prior": node.integer("prior"), "segments": node.integer("segments")}
        keep("amount", module.amount)
        keep("mean", module.mean)
    elif node.op in layers.POOLS:
        described |= {key: _sizes(node, key) for key in ("kernel", "stride")}
        described |= {key: node.attributes[key] for key in ("padding", "ceil") if key in node.attributes}
    elif node.op in ("window", "pack"):
        described |= node.attributes
    return described


def _sizes(node: graph.Node, key: str) -> int | list[int]:
    """One number for 1-D operators, a pair for 2-D ones."""
    return [node.integer(key)] * 2 if node.op.endswith("2d") else node.integer(key)


def _array(tensor: Tensor) -> NDArray[np.float32]:
    return np.ascontiguousarray(tensor.detach().cpu().numpy(), dtype=np.float32)
