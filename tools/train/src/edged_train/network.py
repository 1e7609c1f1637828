"""A graph as a PyTorch module, with the device's streaming semantics over a batch of contexts.

A context begins with empty histories: rows before its first are zeros. A causal convolution of stride s gives rows
at input rows 0, s, 2s …; pooling sees valid rows only. Rows after a context's end are padding on which no valid row
depends. A window takes a context's last rows, zero-padded at the end if there are too few; all its rows count as
valid.

Values are [batch, row, channel]; images [batch, row, place, feature]; after pooling over time [batch, channel].
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from edged_train import graph
from edged_train.centring import TalkerCentre
from edged_train.graph import INPUT, Node
from edged_train.planes import PlaneConvolution, initialize, plane_pool

SMALLEST_VARIANCE = 1e-8
"""Variances are clamped here, which bounds the gradient of the standard deviation; its value is off by 1e-4 at most."""


class CausalConvolution(nn.Module):
    """Convolution over past rows only, computed as one matrix product over gathered rows."""

    def __init__(self, node: Node) -> None:
        """Weights [output, input, kernel], as `torch.nn.Conv1d` lays them out.

        Has a bias only if the node states its padding: in `cnn_lstm`, which does not, a BatchNorm follows.
        """
        super().__init__()
        self.kernel, self.stride = node.integer("kernel"), node.integer("stride")
        self.dilation = node.integer("dilation")
        shape = (node.integer("output"), node.integer("input"), self.kernel)
        self.weight = nn.Parameter(torch.empty(shape))
        nn.init.kaiming_uniform_(self.weight, a=1.7)
        self.bias = nn.Parameter(torch.zeros(shape[0])) if "padding" in node.attributes else None

    def forward(self, rows: Tensor) -> Tensor:
        """Rows [batch, time, input] to [batch, ⌈time / stride⌉, output]."""
        time = rows.shape[1]
        padded = F.pad(rows, (0, 0, (self.kernel - 1) * self.dilation, 0))
        taps = [padded[:, tap * self.dilation : tap * self.dilation + time : self.stride] for tap in range(self.kernel)]
        return F.linear(torch.cat(taps, 2), self.weight.permute(0, 2, 1).flatten(1), self.bias)


class Dropout(nn.Module):
    """Dropout of single elements, or of whole channels for all rows of a context."""

    def __init__(self, node: Node) -> None:
        """Reads `rate` and `over` (`channels` or `elements`)."""
        super().__init__()
        self.rate = node.number("rate")
        self.over_channels = node.attributes["over"] == "channels"

    def forward(self, rows: Tensor) -> Tensor:
        """Drops and rescales in training; otherwise changes nothing."""
        if not self.training or self.rate == 0:
            return rows
        if not self.over_channels:
            return F.dropout(rows, self.rate)
        kept = torch.rand(rows.shape[0], 1, rows.shape[2], device=rows.device) >= self.rate
        return rows * (kept.to(rows.dtype) / (1 - self.rate))


class GraphNetwork(nn.Module):
    """Runs the nodes in order; parameters are named `modules.<node>.<tensor>`."""

    def __init__(self, nodes: list[Node]) -> None:
        """Creates the modules of all nodes with parameters."""
        super().__init__()
        self.nodes = nodes
        self.operators = nn.ModuleDict()
        for node in nodes:
            module = _module(node)
            if module is not None:
                self.operators[node.name] = module

    def forward(self, features: Tensor, lengths: Tensor, past: Tensor | None = None) -> Tensor:
        """Logits [batch, class] of contexts [batch, time, coefficient] of which `lengths` rows are valid.

        Row i of `past` [batch, batch] weights the others as the past of context i's talker; without it, all talkers are unknown.
        """
        values = self.before_centring(features, lengths)
        if past is None:
            return self.behind_centring(values, {})
        means = {name: self.centre(name).among(values[source], past) for name, source in self.centred.items()}
        return self.behind_centring(values, means)

    @property
    def centred(self) -> dict[str, str]:
        """The input of every centring node."""
        return {node.name: node.inputs[0] for node in self.nodes if node.op == graph.CENTRE}

    def centre(self, name: str) -> TalkerCentre:
        """The module of a centring node."""
        module = self.operators[name]
        assert isinstance(module, TalkerCentre)
        return module

    def before_centring(self, features: Tensor, lengths: Tensor) -> dict[str, Tensor]:
        """The values before centring that later nodes read [batch, channel]; without centring, the logits."""
        values: dict[str, tuple[Tensor, Tensor]] = {INPUT: (features, lengths)}
        behind = {node.name for node in self._behind}
        for node in self.nodes:
            if node.name not in behind:
                inputs = [values[name] for name in node.inputs]
                values[node.name] = self._run(node, [value for value, _ in inputs], inputs[0][1])
        read = {name for node in self._behind for name in node.inputs} - behind
        return {name: values[name][0] for name in sorted(read)}

    def behind_centring(self, values: Mapping[str, Tensor], means: Mapping[str, Tensor]) -> Tensor:
        """Logits from the values of `before_centring` and each centring node's talker means; a node without means changes nothing."""
        made = dict(values)
        for node in self._behind:
            inputs = [made[name] for name in node.inputs]
            if node.op == "softmax":
                return inputs[0]
            if node.op != graph.CENTRE:
                made[node.name] = self._value(node, inputs, torch.empty(0))
            elif node.name in means:
                made[node.name] = self.centre(node.name)(inputs[0], means[node.name])
            else:
                made[node.name] = inputs[0]
        raise AssertionError("a network ends in a softmax")

    @cached_property
    def _behind(self) -> list[Node]:
        """The nodes that depend on the talker, and the softmax."""
        names: set[str] = set()
        found = []
        for node in self.nodes:
            if node.op in (graph.CENTRE, "softmax") or names & set(node.inputs):
                names.add(node.name)
                found.append(node)
        return found

    def penalty(self) -> Tensor:
        """The regularization loss of layers with `l1` or `l2`."""
        total = torch.zeros((), device=next(self.parameters()).device)
        for node in self.nodes:
            l1, l2 = node.number("l1"), node.number("l2")
            if l1 or l2:
                weight = self.operators[node.name].get_parameter("weight")
                total = total + l1 * weight.abs().sum() + l2 * (weight**2).sum()
        return total

    def _run(self, node: Node, inputs: list[Tensor], lengths: Tensor) -> tuple[Tensor, Tensor]:
        """A node's value, and how many of its rows are valid."""
        first = inputs[0]
        if node.op == "window":
            return _window(first, lengths, node.integer("frames"))
        if node.op == "max_pool" and "padding" not in node.attributes:
            return _stream_pool(first, lengths, node.integer("kernel"), node.integer("stride"))
        result = self._value(node, inputs, lengths)
        if node.op == "conv1d" and isinstance(self.operators[node.name], CausalConvolution):
            lengths = torch.div(lengths + node.integer("stride") - 1, node.integer("stride"), rounding_mode="floor")
        elif result.ndim > 2 and result.shape[1] != first.shape[1]:
            # Only within a window does the number of rows change, and all of those are valid.
            lengths = torch.full_like(lengths, result.shape[1])
        return result, lengths

    def _value(self, node: Node, inputs: list[Tensor], lengths: Tensor) -> Tensor:
        first = inputs[0]
        if node.op in ("image", "sequence", "flatten", "pack", "relu", "add", "concat"):
            return _reshaped(node, inputs)
        if node.op in ("lstm", "simple_rnn"):
            rows: Tensor = self.operators[node.name](first)[0]
            return rows
        if node.op == "batch_norm":
            return _normalized(self.operators[node.name], first)
        if "ceil" in node.attributes:
            return plane_pool(node, first)
        if node.op == "last" or "_pool" in node.op:
            valid = torch.arange(first.shape[1], device=first.device)[None, :] < lengths[:, None]
            if first.ndim == 4:
                first, valid = first.flatten(1, 2), valid.repeat_interleave(first.shape[2], 1)
            return _pool(node.op, [first, *inputs[1:]], valid[:, :, None])
        output: Tensor = self.operators[node.name](first)
        return output


def _normalized(module: nn.Module, rows: Tensor) -> Tensor:
    """Batch normalization over the last axis without copying: a convolution's output is channels-first in memory."""
    channels_first = rows.movedim(-1, 1)
    if rows.ndim > 2 and channels_first.is_contiguous():
        normalized: Tensor = module(channels_first.flatten(2))
        return normalized.view_as(channels_first).movedim(1, -1)
    normalized = module(rows.flatten(0, -2))
    return normalized.view_as(rows)


def _module(node: Node) -> nn.Module | None:
    module: nn.Module | None = None
    if node.op == "conv1d" and node.attributes.get("padding", "causal") == "causal":
        module = CausalConvolution(node)
    elif node.op in ("conv1d", "conv2d"):
        module = PlaneConvolution(node)
    elif node.op == "batch_norm":
        module = nn.BatchNorm1d(node.integer("channels"))
    elif node.op in ("lstm", "simple_rnn"):
        kind = nn.LSTM if node.op == "lstm" else nn.RNN
        module = kind(node.integer("input"), node.integer("hidden"), batch_first=True)
    elif node.op == "dense":
        module = nn.Linear(node.integer("input"), node.integer("output"))
    elif node.op == "dropout":
        module = Dropout(node)
    elif node.op == graph.CENTRE:
        module = TalkerCentre(node.integer("channels"))
    if module is not None and node.attributes.get("initialization") == "keras":
        initialize(module)
    return module


def _window(rows: Tensor, lengths: Tensor, frames: int) -> tuple[Tensor, Tensor]:
    """The last `frames` valid rows, zero-padded at the end."""
    start = (lengths - frames).clamp(min=0)
    at = start[:, None] + torch.arange(frames, device=rows.device)
    valid = at < lengths[:, None]
    index = at.clamp(max=rows.shape[1] - 1)[:, :, None].expand(-1, -1, rows.shape[2])
    return rows.gather(1, index) * valid[:, :, None], torch.full_like(lengths, frames)


def _stream_pool(rows: Tensor, lengths: Tensor, kernel: int, stride: int) -> tuple[Tensor, Tensor]:
    """Maxima over complete windows of rows."""
    missing = max(kernel - rows.shape[1], 0)
    pooled = F.max_pool1d(F.pad(rows, (0, 0, 0, missing)).transpose(1, 2), kernel, stride).transpose(1, 2)
    whole = torch.div(lengths - kernel, stride, rounding_mode="floor") + 1
    return pooled, whole.clamp(min=0)


def _reshaped(node: Node, inputs: list[Tensor]) -> Tensor:
    first = inputs[0]
    if node.op == "image":
        return first[..., None]
    if node.op == "sequence":
        return first.flatten(2)
    if node.op == "flatten":
        return first.flatten(1)
    if node.op == "pack":
        groups = node.attributes["groups"]
        assert isinstance(groups, tuple)
        parts = [part.flatten(1) for part in torch.split(first, list(groups), 2)]
        return torch.cat(parts, 1).reshape(len(first), -1, node.integer("channels"))
    if node.op == "relu":
        return F.relu(first)
    return first + inputs[1] if node.op == "add" else torch.cat(inputs, -1)


def _pool(op: str, inputs: list[Tensor], valid: Tensor) -> Tensor:
    rows = inputs[0].float()
    if op == "attention_pool":
        weights = inputs[1].float().masked_fill(~valid, -torch.inf).softmax(1)
        return (rows * weights).sum(1)
    if op == "last":
        at = (valid.sum(1, keepdim=True) - 1).clamp(min=0)
        return rows.gather(1, at.expand(-1, -1, rows.shape[2]))[:, 0] * valid[:, 0]
    if op == "global_max_pool":
        return rows.masked_fill(~valid, -torch.inf).amax(1)
    share = valid / valid.sum(1, keepdim=True)
    mean = (rows * share).sum(1)
    if op in ("mean_pool", "global_average_pool"):
        return mean
    variance = ((rows - mean[:, None]) ** 2 * share).sum(1)
    return torch.cat([mean, variance.clamp(min=SMALLEST_VARIANCE).sqrt()], 1)
