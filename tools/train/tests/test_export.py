"""What is exported is what was trained."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

import oracle
from conftest import small_recipe
from edged_train import export, graph, layers
from edged_train.evaluation import Temperatures
from edged_train.frontend import FeatureMap, cosine_transform
from edged_train.network import GraphNetwork
from edged_train.recipe import Recipe
from edged_train.run import Trained
from synthetic import BANDS

LENGTHS = [1, 2, 3, 4, 5, 37, 38, 39, 40, 400]
"""Contexts of every phase of the total stride, the shortest and the longest."""


def untrained(recipe: Recipe) -> Trained:
    """A network whose every parameter and statistic differs from its initial value."""
    torch.manual_seed(3)
    network = GraphNetwork(graph.build(recipe.network, recipe.front_end.columns, len(recipe.classes)))
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm1d):
            torch.nn.init.normal_(module.weight, 1, 0.3)
            torch.nn.init.normal_(module.bias, 0, 0.3)
            torch.nn.init.normal_(module.running_mean, 0, 0.3)
            torch.nn.init.uniform_(module.running_var, 0.3, 2)
        elif getattr(module, "bias", None) is not None and isinstance(module.bias, torch.Tensor):
            torch.nn.init.normal_(module.bias, 0, 0.3)
    network.eval()
    feature_map = FeatureMap(torch.randn(recipe.front_end.values), recipe.front_end)
    columns = recipe.front_end.columns
    feature_map.restore(torch.randn(columns), torch.rand(columns) + 0.5)
    return Trained(recipe, network, feature_map, torch.randn(recipe.front_end.values), 1)


@pytest.mark.parametrize("pooling", [["attention", "statistics", "max"], ["mean"], ["attention"]])
@pytest.mark.parametrize("centres", [False, True])
def test_plain_numpy_run_of_the_json_gives_the_logits_of_the_trained_network(
    tmp_path: Path, pooling: list[str], centres: bool
):
    network = {"pooling": pooling, "centre_segments": 5 if centres else 0}
    segmentation, augmentation = {"together": 4 if centres else 0}, {"by_talker": centres}
    trained = untrained(small_recipe(network=network, segmentation=segmentation, augmentation=augmentation))
    path = tmp_path / "model.bin"
    export.export(trained, Temperatures(1.5, 1.5), {}, path)
    contexts = [torch.randn(length, BANDS) for length in LENGTHS]
    # What lies behind a context's end must not matter.
    padded = torch.full((len(LENGTHS), max(LENGTHS), BANDS), 7.0)
    for row, context in enumerate(contexts):
        padded[row, : len(context)] = context
    with torch.inference_mode():
        found = trained.network(padded, torch.tensor(LENGTHS)).numpy()
    expected = np.stack([oracle.logits(path, context.numpy()) for context in contexts])
    # A single row has deviation zero, where training stops at 1e-4.
    np.testing.assert_allclose(found, expected, atol=2e-4)
    assert np.abs(expected).max() > 0.05


def layered(*listed: dict) -> Recipe:
    return small_recipe(network={"kind": "layers", "layers": list(listed)})


NETWORKS = {
    "stream": [
        {"op": "conv1d", "output": 6, "kernel": 5},
        {"op": "relu"},
        {"op": "batch_norm"},
        {"op": "max_pool", "kernel": 2},
        {"op": "lstm", "output": 5},
        {"op": "dropout", "rate": 0.3},
        {"op": "last"},
    ],
    "rows": [
        {"op": "window", "frames": 40},
        {"op": "conv1d", "output": 6, "kernel": 4, "stride": 2},
        {"op": "relu"},
        {"op": "max_pool", "kernel": 3, "stride": 2, "padding": "same"},
        {"op": "batch_norm"},
        {"op": "conv1d", "output": 5, "kernel": 3, "dilation": 2, "padding": "valid"},
        {"op": "average_pool", "kernel": 4, "ceil": True},
        {"op": "conv1d", "output": 4, "kernel": 2, "padding": "causal"},
        {"op": "simple_rnn", "output": 7},
        {"op": "lstm", "output": 5},
        {"op": "lstm", "output": 4},
        {"op": "flatten"},
        {"op": "dense", "output": 6, "l1": 1e-3, "l2": 1e-3},
        {"op": "relu"},
    ],
    "image": [
        {"op": "window", "frames": 30},
        {"op": "image"},
        {"op": "conv2d", "output": 4, "kernel": 3},
        {"op": "batch_norm"},
        {"op": "relu"},
        {"op": "max_pool2d", "kernel": 2},
        {"op": "conv2d", "output": 5, "kernel": 2, "stride": 2, "padding": "valid"},
        {"op": "average_pool2d", "kernel": 2, "stride": 1, "padding": "same", "name": "image_end"},
        {"op": "flatten", "name": "flat"},
        {"op": "global_max_pool", "inputs": ["image_end"], "name": "greatest"},
        {"op": "global_average_pool", "inputs": ["image_end"], "name": "mean"},
        {"op": "sequence", "inputs": ["image_end"]},
        {"op": "mean_pool", "name": "means"},
        {"op": "concat", "inputs": ["flat", "greatest", "mean", "means"]},
    ],
    "branches": [
        {"op": "conv1d", "output": 6, "kernel": 3, "dilation": 2},
        {"op": "relu"},
        {"op": "statistics_pool", "name": "speaker"},
        {"op": "window", "frames": 12, "inputs": ["features"], "name": "window"},
        {"op": "pack", "groups": [1, 3, BANDS - 4], "channels": 2},
        {"op": "conv1d", "output": 5, "kernel": 3, "name": "heard"},
        {"op": "dense", "output": 1, "name": "attention"},
        {"op": "attention_pool", "inputs": ["heard", "attention"], "name": "attended"},
        {"op": "add", "inputs": ["heard", "heard"]},
        {"op": "last", "name": "end"},
        {"op": "concat", "inputs": ["speaker", "attended", "end"]},
    ],
}
"""Between them, every layer that there is, and every way in which it can be asked for."""


@pytest.mark.parametrize("kind", NETWORKS)
def test_listed_layers_are_exported_as_they_were_trained(tmp_path: Path, kind: str):
    trained = untrained(layered(*NETWORKS[kind]))
    path = tmp_path / "model.bin"
    export.export(trained, Temperatures(1, 1), {}, path)
    lengths = [length for length in LENGTHS if length >= 4]
    contexts = [torch.randn(length, BANDS) for length in lengths]
    padded = torch.full((len(lengths), max(lengths), BANDS), 7.0)
    for row, context in enumerate(contexts):
        padded[row, : len(context)] = context
    with torch.inference_mode():
        found = trained.network(padded, torch.tensor(lengths)).numpy()
    expected = np.stack([oracle.logits(path, context.numpy()) for context in contexts])
    # A channel that a ReLU keeps at zero has deviation zero, where training stops at 1e-4.
    np.testing.assert_allclose(found, expected, atol=1e-4)
    assert np.ptp(expected, axis=0).min() > 0.005


def test_between_them_the_networks_of_these_tests_have_every_layer():
    tried = {layer["op"] for network in NETWORKS.values() for layer in network}
    assert tried == set(layers.TAKES)


def test_graph_holds_no_training_operators_and_names_only_existing_tensors(tmp_path: Path):
    path = tmp_path / "model.bin"
    export.export(untrained(small_recipe()), Temperatures(1, 1), {}, path)
    edge, tensors = oracle.read(path)
    known = {"features"}
    for node in edge["graph"]["nodes"]:
        assert node["op"] in oracle.OPERATORS or node["op"] == "softmax"
        assert set(node["inputs"]) <= known
        known.add(node["name"])
    named = {value for node in edge["graph"]["nodes"] for value in node.values() if isinstance(value, str)}
    assert set(tensors) - named == {"standardization.mean", "standardization.deviation", "baseline.mean"}
    assert edge["graph"]["nodes"][-1]["op"] == "softmax"


def test_metadata_say_how_the_features_were_standardized(tmp_path: Path):
    trained = untrained(small_recipe())
    path = tmp_path / "model.bin"
    size = export.export(trained, Temperatures(1.25, 1), {"session": 0.5}, path)
    edge, tensors = oracle.read(path)
    assert size == path.stat().st_size
    assert edge["temperature"] == 1.25 and edge["known_temperature"] == 1
    assert edge["provenance"]["accuracy"] == {"session": 0.5}
    assert "attribution" not in edge["provenance"]
    frames = torch.randn(5, BANDS)
    centre = trained.feature_map._centre @ cosine_transform(BANDS, BANDS).float().T
    ours = trained.feature_map.standardize(trained.feature_map.columns(frames - centre)).numpy()
    mfcc = frames.double().numpy() @ cosine_transform(BANDS, BANDS).numpy()
    theirs = (mfcc - tensors["standardization.mean"]) / tensors["standardization.deviation"]
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_labels_are_written_only_where_classes_are_published_under_another_name(tmp_path: Path):
    recipe = small_recipe()
    for labels in ({}, {"angry": "sad"}):
        export.export(untrained(replace(recipe, labels=labels)), Temperatures(1, 1), {}, tmp_path / "model.bin")
        edge, _ = oracle.read(tmp_path / "model.bin")
        assert edge.get("labels", {}) == labels
