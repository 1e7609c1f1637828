"""Convolution and pooling over a window's rows, or over the rows and places of an image."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from edged_train.graph import Node, pads


class PlaneConvolution(nn.Module):
    """Convolution that may look ahead; weights as `torch.nn.Conv1d` and `Conv2d` lay them out."""

    def __init__(self, node: Node) -> None:
        """Makes weights and bias."""
        super().__init__()
        self.node = node
        kernel = (node.integer("kernel"),) * (2 if node.op == "conv2d" else 1)
        shape = (node.integer("output"), node.integer("input"), *kernel)
        self.weight = nn.Parameter(torch.empty(shape))
        self.bias = nn.Parameter(torch.zeros(shape[0]))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, rows: Tensor) -> Tensor:
        """Rows [batch, row, channel] or an image [batch, row, place, feature]; the output has the same layout."""
        padded, stride, dilation = (
            _padded(self.node, rows, 0.0),
            self.node.integer("stride"),
            self.node.integer("dilation"),
        )
        convolve = F.conv2d if rows.ndim == 4 else F.conv1d
        return convolve(padded, self.weight, self.bias, stride, 0, dilation).movedim(1, -1)


def plane_pool(node: Node, rows: Tensor) -> Tensor:
    """Maxima or means over a kernel, ignoring padding."""
    kernel, stride = node.integer("kernel"), node.integer("stride")
    if node.op.startswith("max"):
        pool = F.max_pool2d if rows.ndim == 4 else F.max_pool1d
        return pool(_padded(node, rows, -torch.inf), kernel, stride).movedim(1, -1)
    mean = F.avg_pool2d if rows.ndim == 4 else F.avg_pool1d
    present = _padded(node, torch.ones_like(rows[:1, ..., :1]), 0.0)
    return (mean(_padded(node, rows, 0.0), kernel, stride) / mean(present, kernel, stride)).movedim(1, -1)


def initialize(module: nn.Module) -> None:
    """Initializes weights as Keras does, as the published networks were.

    Glorot uniform for matrices, orthogonal for recurrent ones, zero for biases except one for an LSTM's forget gates.
    """
    for name, parameter in module.named_parameters():
        if parameter.ndim == 1:
            nn.init.zeros_(parameter)
        elif name.startswith("weight_hh"):
            nn.init.orthogonal_(parameter)
        else:
            nn.init.xavier_uniform_(parameter)
    if isinstance(module, nn.LSTM):
        with torch.no_grad():
            module.get_parameter("bias_ih_l0")[module.hidden_size : 2 * module.hidden_size] = 1


def _padded(node: Node, rows: Tensor, value: float) -> Tensor:
    """Channels first, as PyTorch wants them, and padded as the node says."""
    kernel, dilation = node.integer("kernel"), int(node.number("dilation") or 1)
    reach, word = (kernel - 1) * dilation + 1, str(node.attributes["padding"])
    amounts: list[int] = []
    # PyTorch lists padding from the last axis.
    for count in reversed(rows.shape[1:-1]):
        amounts += pads(count, reach, node.integer("stride"), word, bool(node.attributes.get("ceil", False)))
    channels_first = rows.movedim(-1, 1)
    return F.pad(channels_first, amounts, value=value) if any(amounts) else channels_first
