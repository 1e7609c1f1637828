"""What training starts from: another run, or a `model.bin` such as the shipped one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from torch import Tensor

from edged_train import export, graph, origin, run
from edged_train.graph import Node
from edged_train.network import GraphNetwork
from edged_train.origin import Origin
from edged_train.problem import Problem
from edged_train.recipe import Recipe

OUTPUT = "logits"
"""The layer that is reinitialized if the classes differ."""


DEVICE_FILE = b"\x89EDGE"
"""Magic bytes of a `.edge` file (docs/FORMATS.md)."""


@dataclass(frozen=True)
class Beginning:
    """A trained network, and the standardization of its inputs."""

    network: GraphNetwork
    mean: Tensor
    deviation: Tensor
    classes: tuple[str, ...]
    """Its original classes; if they are not the recipe's, `network` has a fresh last layer."""
    joined: tuple[str, ...] = ()
    """The runs joined in it."""
    offsets: Mapping[str, float] = field(default_factory=dict)
    """For a `model.bin`: what `offset` added to its logits, by class."""
    left_out: tuple[str, ...] = ()
    """Parts of the network that are dropped, and what to do about it."""
    new: frozenset[str] = frozenset()
    """Centring nodes of the recipe that the `model.bin` does not have."""
    origins: tuple[Origin, ...] = ()
    """Itself, and what it began with."""


def load(path: Path, recipe: Recipe, network: GraphNetwork) -> Beginning:
    """Loads the weights of a run's folder or a `model.bin` into `network`, the recipe's.

    If the classes differ, all layers but the last are taken. Raises `Problem` if front end or network differ.
    """
    if not path.exists():
        raise Problem(f"there is no {path}: name the folder of a run, or a model.bin")
    return _from_model(path, recipe, network) if path.is_file() else _from_run(path, recipe, network)


def _from_run(folder: Path, recipe: Recipe, network: GraphNetwork) -> Beginning:
    trained = run.load_trained(folder)
    of = trained.recipe
    if of.front_end != recipe.front_end or _hidden(trained.network) != _hidden(network):
        trunks = of.network.trunks if of.front_end == recipe.front_end else recipe.network.trunks
        raise Problem(f"{folder} has another front end or network: {_remedy(trunks, recipe)}")
    weights = dict(trained.network.state_dict())
    if of.classes != recipe.classes:
        weights = {key: value for key, value in weights.items() if not key.startswith(f"operators.{OUTPUT}.")}
    network.load_state_dict(weights, strict=False)
    feature_map, left_out = trained.feature_map, _left_out(trained.bias is not None, trained.network.centred, network)
    return Beginning(
        network,
        feature_map.mean,
        feature_map.deviation,
        of.classes,
        trained.joined,
        left_out=left_out,
        origins=(Origin.of(of), *trained.began_with),
    )


def _left_out(has_bias: bool, centred: Iterable[str], network: GraphNetwork) -> tuple[str, ...]:
    """Which of the talker's bias and the centring nodes the new network drops."""
    bias = ["the talker's bias; `offset` measures it anew, of runs that hold talkers out"] if has_bias else []
    centring = (
        ["how it centres talkers; to keep it, set network.centre_segments and what README.md says goes with it"]
        if set(centred) - set(network.centred)
        else []
    )
    return (*bias, *centring)


def _remedy(trunks: int, recipe: Recipe) -> str:
    """What to do about a network that differs from the recipe's, perhaps only in the number of trunks."""
    if trunks == recipe.network.trunks or recipe.network.kind != "cnn_lstm":
        return "it cannot be gone on from"
    return f"it cannot be gone on from without network.trunks={trunks}"


def _hidden(network: GraphNetwork) -> list[Node]:
    """All layers but the last, without dropout and centring."""
    nodes = graph.without(graph.without_dropout(network.nodes), graph.CENTRE)
    return [node for node in nodes if node.name != OUTPUT]


def _whoever_talks(nodes: Sequence[Mapping[str, Any]]) -> Any:
    """The nodes without the centring ones, which further training can add or drop."""
    source = {node["name"]: node["inputs"][0] for node in nodes if node["op"] == graph.CENTRE}
    kept = [node for node in nodes if node["op"] != graph.CENTRE]
    rewired = [{**node, "inputs": [source.get(name, name) for name in node["inputs"]]} for node in kept]
    return json.loads(json.dumps(rewired))


def _from_model(path: Path, recipe: Recipe, network: GraphNetwork) -> Beginning:
    try:
        with path.open("rb") as file:
            if file.read(len(DEVICE_FILE)) == DEVICE_FILE:
                raise Problem(f"{path} is the device's int8 file, from which training cannot go on: name its model.bin")
        with safe_open(path, framework="pt") as file:
            document = json.loads((file.metadata() or {})["edge"])
        stored = load_file(path)
        nodes, classes, front_end = document["graph"]["nodes"], document["classes"], document["front_end"]
        provenance = document.get("provenance", {})
        joined, offsets = tuple(provenance.get("joined", ())), dict(provenance.get("offsets", {}))
        origins = origin.from_card(document["name"], provenance, hashlib.sha256(path.read_bytes()).hexdigest())
        centred = [node["name"] for node in nodes if node["op"] == graph.CENTRE]
        left_out = _left_out("bias" in document["recognition"], centred, network)
        mean, deviation = (stored[document["standardization"][key]].float() for key in ("mean", "deviation"))
    except (OSError, SafetensorError, KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise Problem(f"{path} is neither the folder of a run nor a model.bin: {error}") from error
    described, parameters = export.described(network)
    if front_end != recipe.front_end.document() or _whoever_talks(nodes) != _whoever_talks(described):
        trunks = (len(joined) or 1) if front_end == recipe.front_end.document() else recipe.network.trunks
        raise Problem(f"{path} has another front end or network than the recipe: {_remedy(trunks, recipe)}")
    same = classes == list(recipe.classes)
    new = frozenset(network.centred) - {node["name"] for node in nodes}
    with torch.no_grad():
        for name, parameter in parameters.items():
            if not same and name.startswith(f"{OUTPUT}."):
                continue
            if name.split(".")[0] in new:
                continue
            if name not in stored or stored[name].shape != parameter.shape:
                raise Problem(f"{path} has another size of {name} than the recipe: it cannot be gone on from")
            parameter.copy_(stored[name])
        for name in set(network.centred) - new:
            network.centre(name).goes_on()
    return Beginning(network, mean, deviation, tuple(classes), joined, offsets, left_out, new, origins)
