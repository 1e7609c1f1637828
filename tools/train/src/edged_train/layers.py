"""Builds the nodes, with all shapes, of a network that a recipe lists layer by layer.

A layer reads the one before it, or those named in its `inputs`. Layers after a `window` see all of the window's rows
at once and may look ahead. Without a window the network runs along with the stream, which only causal convolutions,
pooling and recurrent layers can. A final dense layer with one output per class and the softmax are added.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from torch import nn

from edged_train.graph import INPUT, Attributes, Node, pads
from edged_train.problem import Problem
from edged_train.recipe import Layer, Network
from edged_train.recipe.network import MOST_CHANNELS, MOST_HIDDEN, MOST_TAPS

PLAIN = {"relu", "batch_norm", "image", "sequence", "flatten", "last", "add", "concat", "attention_pool"}
GLOBAL = {"mean_pool", "statistics_pool", "global_max_pool", "global_average_pool"}
POOLS = {"max_pool", "average_pool", "max_pool2d", "average_pool2d"}

TAKES: dict[str, tuple[set[str], set[str]]] = {
    "window": ({"frames"}, set()),
    "conv1d": ({"output", "kernel"}, {"stride", "dilation", "padding", "l1", "l2"}),
    "conv2d": ({"output", "kernel"}, {"stride", "dilation", "padding", "l1", "l2"}),
    "lstm": ({"output"}, set()),
    "simple_rnn": ({"output"}, set()),
    "dense": ({"output"}, {"l1", "l2"}),
    "dropout": ({"rate"}, set()),
    "pack": ({"groups", "channels"}, set()),
    **dict.fromkeys(sorted(POOLS), ({"kernel"}, {"stride", "padding", "ceil"})),
    **dict.fromkeys(sorted(PLAIN | GLOBAL), (set[str](), set[str]())),
}
"""For each layer, its required and its optional fields."""

MOST_PLANE_TAPS = 65_536
"""The device's limit for a kernel over an image, rows times columns."""

MOST_RATE = 65_536
"""The device's limit for the frames from one row to the next, without a window."""

MOST_GROUPS = 4096
"""The device's limit for the groups of `pack`."""

MOST_STRIDE = 64
"""The device's limit for a stride, and for the kernel of a pooling, without a window."""

INPUTS = {"add": (2, 2), "attention_pool": (2, 2), "concat": (2, 4)}
"""Least and most inputs of layers that do not take exactly one."""


@dataclass(frozen=True)
class Shape:
    """The shape of a value: rows, places per row, features per place."""

    features: int
    rows: int = 0
    """Rows of a window; 1 after pooling over time; 0 while streaming."""
    places: int = 1
    """More than 1 for an image."""
    rate: int = 1
    """While streaming: frames from one row to the next."""
    delay: int = 0
    """While streaming: the frame at which the first row ends. Values of equal rate and delay have equally many rows at any time."""

    @property
    def channels(self) -> int:
        """All values of a row."""
        return self.places * self.features


def build(network: Network, input_channels: int, class_count: int) -> list[Node]:
    """The nodes of the listed layers. Raises `Problem` for a layer that does not fit its place."""
    nodes, shapes = _listed(network, input_channels)
    last = nodes[-1].name
    if shapes[last].rows != 1:
        raise Problem("network.layers must end in one row: with last, flatten, a pooling over time or what follows one")
    nodes.append(Node("logits", "dense", (last,), _matrix(shapes[last].channels, class_count)))
    nodes.append(Node("scores", "softmax", ("logits",)))
    return nodes


def window_frames(network: Network, input_channels: int) -> dict[int, int]:
    """How many frames of a context each window covers, by its place in the list of layers.

    Its own `frames` are rows of its input, of which a stride before it makes one of several frames.
    """
    nodes, shapes = _listed(network, input_channels)
    return {
        index: node.integer("frames") * shapes[node.inputs[0]].rate
        for index, node in enumerate(nodes)
        if node.op == "window"
    }


def _listed(network: Network, input_channels: int) -> tuple[list[Node], dict[str, Shape]]:
    """A node for each of the listed layers, and the shapes of their outputs and of the input, by name."""
    if not network.layers:
        raise Problem('network.layers must list the layers of a network of the kind "layers"')
    shapes = {INPUT: Shape(input_channels)}
    nodes: list[Node] = []
    last = INPUT
    for index, layer in enumerate(network.layers):
        place = f"network.layers[{index}] ({layer.op})"
        name = layer.name or f"{layer.op}{index}"
        # An `nn.ModuleDict` refuses names of its own attributes.
        if name in (*shapes, "logits", "scores") or hasattr(nn.ModuleDict, name) or not name.isidentifier():
            raise Problem(f"{place}: the name {name!r} is taken, or no word of letters, digits and _")
        inputs = layer.inputs or (last,)
        for source in inputs:
            if source not in shapes:
                raise Problem(f"{place}: there is no layer {source!r} before it")
        _check(layer, place, len(inputs))
        shapes[name], attributes = _shape(layer, [shapes[source] for source in inputs], place)
        _require_room(shapes[name], place)
        nodes.append(Node(name, layer.op, inputs, attributes))
        last = name
    return nodes, shapes


def _require_room(made: Shape, place: str) -> None:
    """Refuses an output that the device's file cannot hold."""
    _require(
        made.channels <= MOST_CHANNELS,
        place,
        f"its output has {made.channels} values in a row, and a device takes at most {MOST_CHANNELS}",
    )
    _require(
        made.rate <= MOST_RATE,
        place,
        f"its output has a row every {made.rate} frames, and a device takes at most {MOST_RATE} from one to the next",
    )


def _check(layer: Layer, place: str, inputs: int) -> None:
    if layer.op not in TAKES:
        raise Problem(f"{place}: layers are {', '.join(TAKES)}")
    needed, allowed = TAKES[layer.op]
    given = {item.name for item in fields(layer) if getattr(layer, item.name) != item.default}
    given -= {"op", "name", "inputs"}
    if needed - given:
        raise Problem(f"{place}: it needs {' and '.join(sorted(needed - given))}")
    if given - needed - allowed:
        raise Problem(f"{place}: it has no {' and no '.join(sorted(given - needed - allowed))}")
    least, most = INPUTS.get(layer.op, (1, 1))
    if not least <= inputs <= most:
        raise Problem(f"{place}: it has {inputs} inputs and takes {least if least == most else f'{least} to {most}'}")
    if min(layer.output, layer.kernel, layer.stride, layer.frames, layer.channels, layer.dilation - 1) < 0:
        raise Problem(f"{place}: no size can be negative")
    if not 0 <= layer.rate < 1:
        raise Problem(f"{place}: rate must lie in 0…1, without 1")


def _matrix(inputs: int, outputs: int, l1: float = 0.0, l2: float = 0.0) -> Attributes:
    return {"input": inputs, "output": outputs, "l1": l1, "l2": l2, "initialization": "keras"}


def _shape(layer: Layer, inputs: list[Shape], place: str) -> tuple[Shape, Attributes]:
    """The layer's output shape, and its node's attributes."""
    first, op = inputs[0], layer.op
    if op in ("relu", "batch_norm", "dropout"):
        attributes: Attributes = {"channels": first.features} if op == "batch_norm" else {}
        return first, attributes | ({"rate": layer.rate, "over": "elements"} if op == "dropout" else {})
    if op == "window":
        _require(first.rows == 0, place, "its input is in a window already")
        return Shape(first.features, layer.frames), {"frames": layer.frames}
    if op in ("conv2d", "max_pool2d", "average_pool2d"):
        _require(first.rows > 1, place, "only a network behind a window can look over an image")
        return _plane(layer, first, place, is_image=True)
    if op == "image":
        _require(first.rows > 1 and first.places == 1, place, "it makes an image of a window's sequence")
        return Shape(1, first.rows, first.features), {}
    if op in ("sequence", "flatten"):
        _require(first.rows > 0, place, "it needs a window")
        rows, channels = (first.rows, first.channels) if op == "sequence" else (1, first.rows * first.channels)
        return Shape(channels, rows), {}
    if op in ("global_max_pool", "global_average_pool") and first.places > 1:
        _require(
            max(first.rows, first.places) <= MOST_TAPS and first.rows * first.places <= MOST_PLANE_TAPS,
            place,
            f"an image of {first.rows} by {first.places} places is too large for a device to pool at once",
        )
        return Shape(first.features, 1), {}
    _require(all(shape.places == 1 for shape in inputs), place, "it needs sequences: put flatten or sequence between")
    if op == "dense":
        return replace(first, features=layer.output), _matrix(first.channels, layer.output, layer.l1, layer.l2)
    if op in ("add", "concat", "attention_pool"):
        in_step = len({(shape.rate, shape.delay) for shape in inputs}) == 1
        _require(
            in_step,
            place,
            "rows of its inputs must end at the same frames: take the same strides and pools before each",
        )
    if op in ("add", "concat"):
        alike = len({shape.rows for shape in inputs}) == 1 and (op == "concat" or len(set(inputs)) == 1)
        _require(alike, place, "its inputs must be of one shape")
        return replace(first, features=first.features if op == "add" else sum(s.features for s in inputs)), {}
    _require(first.rows != 1, place, "it needs rows over time and there is one")
    if op in ("lstm", "simple_rnn"):
        _require(
            layer.output <= MOST_HIDDEN, place, f"a device takes at most {MOST_HIDDEN} outputs of a recurrent layer"
        )
        recurrent: Attributes = {"input": first.features, "hidden": layer.output, "initialization": "keras"}
        return replace(first, features=layer.output), recurrent
    if op in ("conv1d", "max_pool", "average_pool"):
        return _plane(layer, first, place, is_image=False)
    if op == "pack":
        count = first.rows * first.features
        _require(first.rows > 1, place, "it needs a window")
        _require(sum(layer.groups) == first.features, place, f"the groups must add up to {first.features}")
        _require(min(layer.groups) > 0, place, "every group needs at least one channel")
        _require(len(layer.groups) <= MOST_GROUPS, place, f"a device takes at most {MOST_GROUPS} groups")
        _require(count % layer.channels == 0, place, f"{count} values do not make rows of {layer.channels}")
        return Shape(layer.channels, count // layer.channels), {"groups": layer.groups, "channels": layer.channels}
    if op == "attention_pool":
        _require(
            inputs[1] == replace(first, features=1), place, "scores must be one channel, a row for each row of values"
        )
    return Shape(2 * first.features if op == "statistics_pool" else first.features, 1), {}


def _plane(layer: Layer, first: Shape, place: str, *, is_image: bool) -> tuple[Shape, Attributes]:
    """A convolution or pooling: over a window's rows, over an image's rows and places, or streaming."""
    is_pool = layer.op in POOLS
    padding = layer.padding or ("valid" if is_pool else "same")
    stride = layer.stride or (layer.kernel if is_pool else 1)
    geometry: Attributes = {"kernel": layer.kernel, "stride": stride}
    most_stride = MOST_TAPS if first.rows else MOST_STRIDE
    most_taps = most_stride if is_pool else MOST_TAPS
    _require(
        max(layer.kernel, layer.dilation) <= most_taps and stride <= most_stride,
        place,
        f"a device takes a kernel{'' if is_pool else ' and a dilation'} up to {most_taps} and a stride up to {most_stride}",
    )
    _require(not is_image or layer.kernel**2 <= MOST_PLANE_TAPS, place, "a device takes a kernel of 256 × 256 at most")
    if not is_pool:
        geometry |= {**_matrix(first.features, layer.output, layer.l1, layer.l2), "dilation": layer.dilation}
    features = first.features if is_pool else layer.output
    if first.rows == 0:
        _require(layer.op != "average_pool" and not layer.ceil, place, "only a network behind a window can do that")
        _require(layer.padding in ("", "valid" if is_pool else "causal"), place, "without a window nothing looks ahead")
        # Pooling waits until its kernel is full; a causally padded convolution does not wait.
        delay = first.delay + ((layer.kernel - 1) * first.rate if is_pool else 0)
        made = Shape(features, rate=first.rate * stride, delay=delay)
        return made, geometry | ({} if is_pool else {"padding": "causal"})
    words = ("same", "valid") if is_pool or is_image else ("same", "valid", "causal")
    _require(padding in words, place, f"padding must be {' or '.join(words)}")
    reach = (layer.kernel - 1) * layer.dilation + 1
    counts = []
    for count in (first.rows, first.places) if is_image else (first.rows,):
        before, after = pads(count, reach, stride, padding, layer.ceil)
        counts.append((before + count + after - reach) // stride + 1)
        _require(counts[-1] > 0, place, f"its kernel reaches over more than the {count} places of its input")
    geometry |= {"padding": padding} | ({"ceil": layer.ceil} if is_pool else {})
    return Shape(features, *counts), geometry


def _require(condition: bool, place: str, sentence: str) -> None:
    if not condition:
        raise Problem(f"{place}: {sentence}")
