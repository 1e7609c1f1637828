"""A network as the list of nodes in `model.bin`, so that what is trained is what is exported.

Values are rows of channels, one row per time step. Operators and attributes are those of the `edge` document;
only `dropout` exists in training alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from edged_train.problem import Problem
from edged_train.recipe import Network
from edged_train.recipe.network import MOST_CHANNELS

Attribute = int | float | str | bool | tuple[int, ...]

Attributes = dict[str, Attribute]

CENTRE = "centre"
"""The operator that subtracts the mean of a talker's past segments."""

INPUT = "features"
"""The name of the network's input: standardized coefficients, one row a frame."""


@dataclass(frozen=True)
class Node:
    """One operator, the names of its inputs, and its attributes."""

    name: str
    op: str
    inputs: tuple[str, ...]
    attributes: Attributes = field(default_factory=dict)

    def integer(self, key: str) -> int:
        """An attribute that counts something."""
        value = self.attributes[key]
        assert isinstance(value, int)
        return value

    def number(self, key: str) -> float:
        """An attribute that measures something; 0 without it."""
        value = self.attributes.get(key, 0.0)
        assert isinstance(value, (int, float))
        return float(value)


def pads(count: int, reach: int, stride: int, padding: str, ceil: bool) -> tuple[int, int]:
    """Padding before and after `count` positions for a kernel that spans `reach`.

    `same` gives ⌈count / stride⌉ outputs, with an odd remainder after; `causal` pads only before. `ceil` pads after
    so that a partial window counts, unless it begins beyond the last position.
    """
    before = after = 0
    if padding == "same":
        total = max((-(-count // stride) - 1) * stride + reach - count, 0)
        before, after = total // 2, total - total // 2
    elif padding == "causal":
        before = reach - 1
    room = before + count + after - reach
    if ceil and room >= 0:
        windows = -(-room // stride) + 1
        if (windows - 1) * stride >= before + count:
            windows -= 1
        after = max(after, (windows - 1) * stride + reach - before - count)
    return before, after


def build(network: Network, input_channels: int, class_count: int) -> list[Node]:
    """The nodes of a recipe's network. Raises `Problem` for an unknown kind or attribute."""
    from edged_train import layers

    kinds: dict[str, Callable[[Network, int, int], list[Node]]] = {"cnn_lstm": cnn_lstm, "layers": layers.build}
    if network.kind not in kinds:
        raise Problem(f"network.kind must be one of {', '.join(kinds)}, not {network.kind!r}")
    return kinds[network.kind](network, input_channels, class_count)


def cnn_lstm(network: Network, input_channels: int, class_count: int) -> list[Node]:
    """Causal convolutions to a quarter of the frame rate, an LSTM beside them, pooling, two dense layers.

    Every stage before pooling is causal, so the device keeps its state and computes only new frames. With several
    trunks, all but the last dense layer is replicated, and that layer reads all of them.
    """
    nodes: list[Node] = []
    hidden = [_trunk(nodes, network, input_channels, trunk_prefix(index)) for index in range(network.trunks)]
    value = hidden[0]
    if len(hidden) > 1:
        value = "joined"
        nodes.append(Node(value, "concat", tuple(hidden)))
    width = network.head * network.trunks
    if width > MOST_CHANNELS:
        raise Problem(
            f"network.head times network.trunks is {width}, and a device takes at most {MOST_CHANNELS} values in a row"
        )
    nodes.append(Node("logits", "dense", (value,), {"input": width, "output": class_count}))
    nodes.append(Node("scores", "softmax", ("logits",)))
    return nodes


def trunk_prefix(index: int) -> str:
    """Name prefix of a trunk's nodes; empty for the first."""
    return f"trunk{index}_" if index else ""


def _trunk(nodes: list[Node], network: Network, input_channels: int, prefix: str) -> str:
    """Adds the nodes from the features to the hidden vector; returns its name."""

    def add(name: str, op: str, *inputs: str, **attributes: Attribute) -> str:
        nodes.append(Node(prefix + name, op, inputs, attributes))
        return prefix + name

    def convolution(index: int, value: str, kernel: int, stride: int, dilation: int) -> str:
        channels = input_channels if index == 0 else network.channels
        geometry: Attributes = {"kernel": kernel, "stride": stride, "dilation": dilation}
        value = add(f"conv{index}", "conv1d", value, input=channels, output=network.channels, **geometry)
        value = add(f"norm{index}", "batch_norm", value, channels=network.channels)
        value = add(f"relu{index}", "relu", value)
        return add(f"drop{index}", "dropout", value, rate=network.convolution_dropout, over="channels")

    value = convolution(0, INPUT, network.stem_kernel, 2, 1)
    for index, dilation in enumerate(network.dilations, start=1):
        branch = convolution(index, value, network.kernel, 2 if index == 1 else 1, dilation)
        value = branch if index == 1 else add(f"add{index}", "add", value, branch)
    recurrent: Attributes = {"rate": network.recurrent_dropout, "over": "channels"}
    lstm_input = add("drop_lstm", "dropout", value, **recurrent)
    lstm = add("lstm", "lstm", lstm_input, input=network.channels, hidden=network.hidden)
    both = add("concat", "concat", lstm, value)
    both = add("drop_concat", "dropout", both, **recurrent)
    width = network.hidden + network.channels

    pools: list[str] = []
    pooled_width = 0
    for kind in network.pooling:
        if kind == "attention":
            scores = add("score", "dense", both, input=width, output=1)
            pools.append(add("pool_attention", "attention_pool", both, scores))
        elif kind == "mean":
            pools.append(add("pool_mean", "mean_pool", both))
        elif kind == "statistics":
            pools.append(add("pool_statistics", "statistics_pool", both))
        elif kind == "max":
            pools.append(add("pool_max", "global_max_pool", both))
        else:
            raise Problem(f"network.pooling knows attention, mean, statistics and max, not {kind!r}")
        pooled_width += 2 * width if kind == "statistics" else width
    if pooled_width > MOST_CHANNELS:
        raise Problem(
            f"network.pooling makes {pooled_width} values of network.channels and network.hidden, "
            f"and a device takes at most {MOST_CHANNELS} in a row"
        )
    pooled = add("pooled", "concat", *pools) if len(pools) > 1 else pools[0]

    head: Attributes = {"rate": network.head_dropout, "over": "elements"}
    if network.centre_segments:
        past: Attributes = {"prior": network.centre_prior, "segments": network.centre_segments}
        pooled = add("centre", CENTRE, pooled, channels=pooled_width, **past)
    value = add("drop_pooled", "dropout", pooled, **head)
    value = add("hidden", "dense", value, input=pooled_width, output=network.head)
    value = add("norm_hidden", "batch_norm", value, channels=network.head)
    value = add("relu_hidden", "relu", value)
    return add("drop_hidden", "dropout", value, **head)


def without_dropout(nodes: list[Node]) -> list[Node]:
    """The nodes as they run after training."""
    return without(nodes, "dropout")


def without(nodes: list[Node], op: str) -> list[Node]:
    """The nodes without those of a one-input operator; whatever read such a node reads its input instead."""
    source: dict[str, str] = {}
    kept = []
    for node in nodes:
        inputs = tuple(source.get(name, name) for name in node.inputs)
        if node.op == op:
            source[node.name] = inputs[0]
        else:
            kept.append(Node(node.name, node.op, inputs, node.attributes))
    return kept
