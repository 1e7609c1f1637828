"""A graph as a PyTorch module, with the device's streaming semantics over a batch of contexts.

A context begins with empty histories: rows before its first are zeros. A causal convolution of stride s gives rows
at input rows 0, s, 2s …; pooling sees valid rows only. What lies behind a context's end is padding that no valid
row can depend on.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from edged_train.graph import INPUT, Node

SMALLEST_VARIANCE = 1e-8
"""Below it the gradient of a standard deviation is cut off; the value is off by 1e-4 at most."""


class CausalConvolution(nn.Module):
    """Convolution over past rows only, computed as one matrix product over gathered rows."""

    def __init__(self, node: Node) -> None:
        """Weights [output, input, kernel], as `torch.nn.Conv1d` lays them out; no bias, a BatchNorm follows."""
        super().__init__()
        self.kernel, self.stride = node.integer("kernel"), node.integer("stride")
        self.dilation = node.integer("dilation")
        shape = (node.integer("output"), node.integer("input"), self.kernel)
        self.weight = nn.Parameter(torch.empty(shape))
        nn.init.kaiming_uniform_(self.weight, a=1.7)

    def forward(self, rows: Tensor) -> Tensor:
        """Rows [batch, time, input] to [batch, ⌈time / stride⌉, output]."""
        time = rows.shape[1]
        padded = F.pad(rows, (0, 0, (self.kernel - 1) * self.dilation, 0))
        taps = [padded[:, tap * self.dilation : tap * self.dilation + time : self.stride] for tap in range(self.kernel)]
        return F.linear(torch.cat(taps, 2), self.weight.permute(0, 2, 1).flatten(1))


class Dropout(nn.Module):
    """Dropout of single elements, or of whole channels for all rows of a context."""

    def __init__(self, node: Node) -> None:
        """Reads `rate` and `over` (`channels` or `elements`)."""
        super().__init__()
        self.rate = float(node.attributes["rate"])
        self.over_channels = node.attributes["over"] == "channels"

    def forward(self, rows: Tensor) -> Tensor:
        """Scales what remains, in training; otherwise changes nothing."""
        if not self.training or self.rate == 0:
            return rows
        if not self.over_channels:
            return F.dropout(rows, self.rate)
        kept = torch.rand(rows.shape[0], 1, rows.shape[2], device=rows.device) >= self.rate
        return rows * (kept.to(rows.dtype) / (1 - self.rate))


class GraphNetwork(nn.Module):
    """Runs the nodes in order; parameters are named `modules.<node>.<tensor>`."""

    def __init__(self, nodes: list[Node]) -> None:
        """Makes the parameters of every node that has some."""
        super().__init__()
        self.nodes = nodes
        self.operators = nn.ModuleDict()
        for node in nodes:
            module = _module(node)
            if module is not None:
                self.operators[node.name] = module

    def forward(self, features: Tensor, lengths: Tensor) -> Tensor:
        """Logits [batch, class] of contexts [batch, time, coefficient] of which `lengths` rows are valid."""
        values: dict[str, tuple[Tensor, Tensor]] = {INPUT: (features, lengths)}
        result = features
        for node in self.nodes:
            inputs = [values[name] for name in node.inputs]
            if node.op == "softmax":
                return inputs[0][0]
            result = self._run(node, [value for value, _ in inputs], inputs[0][1])
            rows = inputs[0][1]
            if node.op == "conv1d":
                rows = torch.div(rows + node.integer("stride") - 1, node.integer("stride"), rounding_mode="floor")
            values[node.name] = (result, rows)
        return result

    def _run(self, node: Node, inputs: list[Tensor], lengths: Tensor) -> Tensor:
        first = inputs[0]
        if node.op == "relu":
            return F.relu(first)
        if node.op == "add":
            return first + inputs[1]
        if node.op == "concat":
            return torch.cat(inputs, -1)
        if node.op == "lstm":
            rows: Tensor = self.operators[node.name](first)[0]
            return rows
        if node.op == "batch_norm":
            normalized: Tensor = self.operators[node.name](first.flatten(0, -2))
            return normalized.view_as(first)
        if node.op.endswith("_pool"):
            valid = torch.arange(first.shape[1], device=first.device)[None, :] < lengths[:, None]
            return _pool(node.op, inputs, valid[:, :, None])
        output: Tensor = self.operators[node.name](first)
        return output


def _module(node: Node) -> nn.Module | None:
    if node.op == "conv1d":
        return CausalConvolution(node)
    if node.op == "batch_norm":
        return nn.BatchNorm1d(node.integer("channels"))
    if node.op == "lstm":
        return nn.LSTM(node.integer("input"), node.integer("hidden"), batch_first=True)
    if node.op == "dense":
        return nn.Linear(node.integer("input"), node.integer("output"))
    return Dropout(node) if node.op == "dropout" else None


def _pool(op: str, inputs: list[Tensor], valid: Tensor) -> Tensor:
    rows = inputs[0].float()
    if op == "attention_pool":
        weights = inputs[1].float().masked_fill(~valid, -torch.inf).softmax(1)
        return (rows * weights).sum(1)
    if op == "global_max_pool":
        return rows.masked_fill(~valid, -torch.inf).amax(1)
    share = valid / valid.sum(1, keepdim=True)
    mean = (rows * share).sum(1)
    if op == "mean_pool":
        return mean
    variance = ((rows - mean[:, None]) ** 2 * share).sum(1)
    return torch.cat([mean, variance.clamp(min=SMALLEST_VARIANCE).sqrt()], 1)
