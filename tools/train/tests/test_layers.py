"""Layers as a recipe lists them: shapes worked out, and what cannot be refused in one sentence."""

from __future__ import annotations

import textwrap
import tomllib
from pathlib import Path

import pytest
import torch

from conftest import small_recipe
from edged_train import graph, recipe
from edged_train.graph import Node, pads
from edged_train.network import GraphNetwork
from edged_train.problem import Problem

RECIPES = sorted((Path(__file__).parent.parent / "recipes").rglob("*.toml"))

WINDOW = {"op": "window", "frames": 20}

HALVED = {"op": "conv1d", "output": 8, "kernel": 3, "stride": 2, "name": "halved"}
POOLED = {"op": "max_pool", "kernel": 2, "inputs": ["features"], "name": "pooled"}


def nodes(*listed: dict) -> list[Node]:
    settings = small_recipe(network={"kind": "layers", "layers": list(listed)})
    return graph.build(settings.network, settings.front_end.columns, 2)


@pytest.mark.parametrize(
    ("listed", "complaint"),
    [
        ([], "must list the layers"),
        ([{"op": "smell"}], "layers are window, conv1d"),
        ([{"op": "conv1d", "output": 3}], "it needs kernel"),
        ([{"op": "relu", "output": 3}], "it has no output"),
        ([{"op": "dropout", "rate": 1.0}], "rate must lie in"),
        ([{"op": "dense", "output": -1}], "can be negative"),
        ([WINDOW, WINDOW], "in a window already"),
        ([WINDOW, {"op": "add", "inputs": ["features", "absent"]}], "no layer 'absent'"),
        ([{"op": "relu", "name": "features"}], "is taken"),
        ([{"op": "relu", "name": "logits"}], "is taken"),
        ([{"op": "relu", "name": "values"}], "is taken"),
        ([{"op": "relu", "name": "a.b"}], "no word"),
        ([{"op": "concat"}], "takes 2 to 4"),
        ([{"op": "conv2d", "output": 2, "kernel": 3}], "behind a window"),
        ([{"op": "image"}], "of a window's sequence"),
        ([{"op": "flatten"}], "needs a window"),
        ([{"op": "average_pool", "kernel": 2}], "behind a window"),
        ([{"op": "conv1d", "output": 2, "kernel": 3, "padding": "same"}], "nothing looks ahead"),
        ([WINDOW, {"op": "image"}, {"op": "lstm", "output": 3}], "it needs sequences"),
        ([WINDOW, {"op": "max_pool", "kernel": 21}], "more than the 20 places"),
        ([WINDOW, {"op": "max_pool", "kernel": 2, "padding": "causal"}], "same or valid"),
        ([WINDOW, {"op": "last"}, {"op": "lstm", "output": 3}], "there is one"),
        ([WINDOW, {"op": "pack", "groups": [1, 2], "channels": 1}], "add up to 8"),
        ([WINDOW, {"op": "pack", "groups": [8], "channels": 7}], "rows of 7"),
        ([WINDOW, {"op": "attention_pool", "inputs": ["window0", "window0"]}], "one channel"),
        ([WINDOW, {"op": "add", "inputs": ["features", "window0"]}], "of one shape"),
        ([WINDOW, {"op": "relu"}], "must end in one row"),
        ([{"op": "max_pool", "kernel": 65}], "takes a kernel up to 64 and a stride up to 64"),
        ([{"op": "conv1d", "output": 2, "kernel": 3, "stride": 65}], "up to 1024 and a stride up to 64"),
        ([WINDOW, {"op": "conv1d", "output": 2, "kernel": 2, "dilation": 1025}], "a dilation up to 1024"),
        ([WINDOW, {"op": "image"}, {"op": "conv2d", "output": 1, "kernel": 257}], "256 × 256 at most"),
        (
            [{"op": "window", "frames": 1025}, {"op": "image"}, {"op": "global_max_pool"}],
            "an image of 1025 by 8 places is too large",
        ),
        (
            [{"op": "window", "frames": 501}, {"op": "image"}]
            + [{"op": "conv2d", "output": 32, "kernel": 3}, {"op": "flatten"}],
            "its output has 128256 values in a row, and a device takes at most 65536",
        ),
        ([{"op": "conv1d", "output": 65_537, "kernel": 1}], "has 65537 values in a row"),
        ([{"op": "dense", "output": 40_000}, {"op": "statistics_pool"}], "has 80000 values in a row"),
        ([{"op": "lstm", "output": 4097}], "at most 4096 outputs of a recurrent layer"),
        ([WINDOW, {"op": "simple_rnn", "output": 4097}], "at most 4096 outputs of a recurrent layer"),
        ([{"op": "max_pool", "kernel": 1, "stride": 64}] * 3, "has a row every 262144 frames"),
        ([WINDOW, {"op": "pack", "groups": [9, -1], "channels": 1}], "at least one channel"),
        (
            [{"op": "dense", "output": 5000}, WINDOW, {"op": "pack", "groups": [1] * 5000, "channels": 1}],
            "at most 4096 groups",
        ),
        ([HALVED, {"op": "concat", "inputs": ["features", "halved"]}], "must end at the same frames"),
        ([HALVED, POOLED, {"op": "concat", "inputs": ["halved", "pooled"]}], "must end at the same frames"),
        ([HALVED, {"op": "add", "inputs": ["features", "halved"]}], "must end at the same frames"),
        (
            [HALVED, {"op": "dense", "output": 1, "inputs": ["features"]}]
            + [{"op": "attention_pool", "inputs": ["halved", "dense1"]}],
            "must end at the same frames",
        ),
    ],
)
def test_layers_that_cannot_be_are_refused_in_one_sentence(listed: list[dict], complaint: str):
    with pytest.raises(Problem) as caught:
        nodes(*listed)
    assert complaint in str(caught.value) and "\n" not in str(caught.value)


def test_largest_that_a_device_takes_can_be_listed():
    assert nodes({"op": "dense", "output": 65_536}, {"op": "last"})
    assert nodes({"op": "lstm", "output": 4096}, {"op": "last"})
    strides = [{"op": "conv1d", "output": 1, "kernel": 1, "stride": stride} for stride in (64, 64, 16)]
    assert nodes(*strides, {"op": "last"})


@pytest.mark.parametrize("count", range(8, 14))
def test_paths_of_one_rate_and_delay_meet_whatever_the_length(count: int):
    by_four = {"op": "conv1d", "output": 3, "kernel": 3, "stride": 4, "inputs": ["features"], "name": "by_four"}
    first = {"op": "max_pool", "kernel": 2, "inputs": ["halved"], "name": "first"}
    second = {"op": "max_pool", "kernel": 3, "stride": 1, "inputs": ["features"], "name": "second"}
    listed = [HALVED, {"op": "conv1d", "output": 2, "kernel": 1, "stride": 2, "name": "twice"}, by_four]
    listed += [{"op": "concat", "inputs": ["twice", "by_four"], "name": "convolved"}, {"op": "last", "name": "a"}]
    listed += [first, second, {"op": "conv1d", "output": 2, "kernel": 1, "stride": 4, "name": "third"}]
    listed += [{"op": "concat", "inputs": ["first", "third"]}, {"op": "last", "name": "b"}]
    listed += [{"op": "concat", "inputs": ["a", "b"]}]
    network = GraphNetwork(nodes(*listed)).eval()
    assert network(torch.zeros(1, count, 8), torch.tensor([count])).isfinite().all()


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.name)
def test_networks_of_committed_recipes_can_be_built(path: Path):
    settings = recipe.load(path)
    network = GraphNetwork(graph.build(settings.network, settings.front_end.columns, len(settings.classes)))
    assert sum(parameter.numel() for parameter in network.parameters()) > 1000


def test_example_of_the_readme_can_be_built():
    text = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    block = text[text.index('    kind = "layers"') :].split("\n\n")[0]
    assert len(nodes(*tomllib.loads(textwrap.dedent(block))["layers"])) == 12


def test_window_holds_the_last_frames_and_zeros_behind_a_shorter_context():
    network = GraphNetwork(nodes({"op": "window", "frames": 3}, {"op": "flatten"}))
    torch.nn.init.eye_(network.operators["logits"].weight)
    features = torch.arange(1.0, 6.0)[None, :, None].expand(2, 5, 8)
    network.operators["logits"].weight.data = torch.eye(24)
    network.operators["logits"].bias.data = torch.zeros(24)
    with torch.inference_mode():
        rows = network(features, torch.tensor([5, 2])).view(2, 3, 8)[:, :, 0]
    assert rows.tolist() == [[3, 4, 5], [1, 2, 0]]


def test_penalty_is_that_of_the_weights_which_ask_for_it():
    listed = [{"op": "dense", "output": 4, "l1": 0.5, "l2": 0.25}, {"op": "dense", "output": 3}, {"op": "last"}]
    network = GraphNetwork(nodes(*listed))
    weight = network.operators["dense0"].weight
    torch.testing.assert_close(network.penalty(), 0.5 * weight.abs().sum() + 0.25 * (weight**2).sum())
    assert network.penalty() > 0


@pytest.mark.parametrize("count", range(1, 12))
@pytest.mark.parametrize(("kernel", "stride"), [(2, 2), (3, 2), (2, 3), (1, 2)])
def test_ceiling_counts_windows_as_pytorch_does(count: int, kernel: int, stride: int):
    if count < kernel:
        return
    expected = torch.nn.functional.max_pool1d(torch.zeros(1, 1, count), kernel, stride, ceil_mode=True).shape[-1]
    before, after = pads(count, kernel, stride, "valid", True)
    assert before == 0
    assert (count + after - kernel) // stride + 1 == expected
