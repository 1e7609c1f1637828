"""The network, layer by layer or of the default kind."""

from __future__ import annotations

from dataclasses import dataclass

MOST_TRUNKS = 4
"""The most inputs of the device's concatenation."""

MOST_CHANNELS = 65_536
"""The device's limit for all values of a row."""

MOST_HIDDEN = 4096
"""The device's limit for the outputs of a recurrent layer."""

MOST_TAPS = 1024
"""The device's limit for a kernel, a dilation and, behind a window, a stride."""


@dataclass(frozen=True)
class Layer:
    """One layer of a network of the kind `layers`; `edged_train.layers` says which takes what."""

    op: str
    name: str = ""
    """Its name in the `inputs` of later layers."""
    inputs: tuple[str, ...] = ()
    """Names of earlier layers, or `features`; by default the previous layer."""
    output: int = 0
    """Output channels of a convolution, a recurrent or a dense layer."""
    kernel: int = 0
    """In rows; for an image, in rows and columns."""
    stride: int = 0
    """0 means 1, or the kernel for pooling."""
    dilation: int = 1
    padding: str = ""
    """In a window `same`, `valid` or `causal`; "" is `valid` for pooling, else `same`. Without a window, causal."""
    ceil: bool = False
    """Whether a partial window of a pooling counts."""
    frames: int = 0
    """For `window`: its length, the last frames of a context; shorter contexts are zero-padded at the end."""
    rate: float = 0.0
    """For `dropout`."""
    l1: float = 0.0
    l2: float = 0.0
    """Factors of the L1 and L2 penalties on the weights."""
    groups: tuple[int, ...] = ()
    """For `pack`: widths of groups of channels; all rows of one group come before the next."""
    channels: int = 0
    """For `pack`: values in a row of its output."""


@dataclass(frozen=True)
class Network:
    """A network: `cnn_lstm`, of causal convolutions, one LSTM, pooling over time and a dense head; or `layers`."""

    kind: str = "cnn_lstm"
    layers: tuple[Layer, ...] = ()
    """For the kind `layers`: all layers before the final dense layer, which has one output per class."""
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
    """Past segments of a talker over which the mean subtracted from the pooled vector is taken, 1 to 64 (0: no centring): `centring.py`."""
    centre_prior: int = 4
    """Prior weight of the mean of all talkers, in segments, 1 to 64."""
    trunks: int = 1
    """Number of parallel networks up to the last dense layer, which reads all: `edged-train join` makes such networks."""
