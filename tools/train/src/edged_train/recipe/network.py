"""The network, layer by layer or of the default kind."""

from __future__ import annotations

from dataclasses import dataclass

MOST_TRUNKS = 4
"""As many inputs as the device's concatenation has."""


@dataclass(frozen=True)
class Layer:
    """One layer of a network of the kind `layers`; `edged_train.layers` says which takes what."""

    op: str
    name: str = ""
    """What later layers call it in `inputs`."""
    inputs: tuple[str, ...] = ()
    """Names of earlier layers, or `features`; without any, the layer before."""
    output: int = 0
    """Channels that a convolution, a recurrent or a dense layer makes."""
    kernel: int = 0
    """Rows; of an image, rows and columns."""
    stride: int = 0
    """0 is 1, and the kernel of a pooling."""
    dilation: int = 1
    padding: str = ""
    """In a window `same`, `valid` or `causal`; "" is `valid` for a pooling, else `same`. Without a window, causal."""
    ceil: bool = False
    """Whether an unfinished window of a pooling counts."""
    frames: int = 0
    """Of a window: the last so many frames; a shorter context has zeros behind."""
    rate: float = 0.0
    """Of a dropout."""
    l1: float = 0.0
    l2: float = 0.0
    """What the loss has for each absolute weight and each squared one."""
    groups: tuple[int, ...] = ()
    """Of a pack: widths of groups of channels, all rows of one before the next."""
    channels: int = 0
    """Of a pack: values in a row of its result."""


@dataclass(frozen=True)
class Network:
    """A network: `cnn_lstm`, of causal convolutions, one LSTM, pooling over time and a dense head; or `layers`."""

    kind: str = "cnn_lstm"
    layers: tuple[Layer, ...] = ()
    """Of the kind `layers`, from the features to what the last dense layer, one output a class, reads."""
    channels: int = 112
    hidden: int = 112
    head: int = 96
    kernel: int = 3
    stem_kernel: int = 5
    dilations: tuple[int, ...] = (1, 2, 4, 4)
    """One convolution each after the stem; the first has stride 2, the others a residual connection."""
    pooling: tuple[str, ...] = ("attention", "statistics", "max")
    convolution_dropout: float = 0.0
    recurrent_dropout: float = 0.15
    head_dropout: float = 0.3
    centre_segments: int = 0
    """Over how many past segments of a talker the mean of what is pooled is taken that is subtracted from it, 1 to 64 (0: none): `centring.py`."""
    centre_prior: int = 4
    """How many segments of nobody in particular weigh against them, 1 to 64."""
    trunks: int = 1
    """How many networks stand side by side up to the last dense layer, which reads all: `edged-train join` makes such."""
