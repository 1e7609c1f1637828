"""Random operators with random tensors: the request to our engine, and the file for LiteRT."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from ai_edge_litert import schema_py_generated as schema
from numpy.random import Generator
from numpy.typing import NDArray

from edged_bench.tflite_file import Grid, Operand, write

Codes = NDArray[np.int8]


@dataclass(frozen=True)
class Products:
    """Sums times the 31-bit mantissas of their ratios, and how far each goes right."""

    sums: list[int]
    mantissas: list[int]
    shifts: list[int]
    zero: int
    least: int

    def rounded_away(self) -> NDArray[np.int32]:
        """Rounded once, halves away from zero."""
        return self._codes(lambda product, shift: _sign(product) * ((abs(product) + (1 << (shift - 1))) >> shift))

    def rounded_twice(self) -> NDArray[np.int32]:
        """Rounded after 31 bits, halves up, and again after the rest, halves away from zero."""

        def twice(product: int, shift: int) -> int:
            if shift <= 31:
                return (product + (1 << 30) >> 31) << (31 - shift)
            first = (product + (1 << 30)) >> 31
            return _sign(first) * ((abs(first) + (1 << (shift - 32))) >> (shift - 31))

        return self._codes(twice)

    def _codes(self, rounded: Callable[[int, int], int]) -> NDArray[np.int32]:
        values = [
            rounded(value * mantissa, shift)
            for value, mantissa, shift in zip(self.sums, self.mantissas, self.shifts, strict=True)
        ]
        codes = np.clip(np.array(values, np.int64) + self.zero, self.least, 127)
        return codes.astype(np.int32)


def _sign(value: int) -> int:
    return -1 if value < 0 else 1


@dataclass(frozen=True)
class Case:
    """One operator on one tensor."""

    kind: str
    #: For `engine-probe operators`.
    request: dict[str, object]
    #: For LiteRT.
    file: bytes
    #: What LiteRT reads: our rows, with padding where the operator of the file has none.
    input: Codes
    #: What each output really is, in codes, before rounding.
    exact: NDArray[np.float64]
    #: Of a matrix: what both engines round, and to which codes.
    products: Products | None = None
    #: From our answer to codes of LiteRT's output.
    codes: Callable[[NDArray[np.int32]], NDArray[np.int32]] = lambda answer: answer


def convolution(random: Generator, *, extreme: bool = False) -> Case:
    """A causal convolution over time; LiteRT's has no padding, so it reads rows of zero points before ours."""
    channels, outputs = int(random.integers(1, 41)), int(random.integers(1, 41))
    kernel, stride, dilation = int(random.integers(1, 6)), int(random.integers(1, 4)), int(random.integers(1, 5))
    options = schema.Conv2DOptionsT()
    options.padding = schema.Padding.VALID
    options.strideH, options.strideW = 1, stride
    options.dilationHFactor, options.dilationWFactor = 1, dilation
    past = (kernel - 1) * dilation
    shape = (outputs, 1, kernel, channels)
    return _matrix(
        random, "conv1d", "CONV_2D", options, shape, past=past, stride=stride, dilation=dilation, extreme=extreme
    )


def dense(random: Generator, *, extreme: bool = False) -> Case:
    """A matrix times each row."""
    channels, outputs = int(random.integers(1, 300)), int(random.integers(1, 60))
    options = schema.FullyConnectedOptionsT()
    return _matrix(random, "dense", "FULLY_CONNECTED", options, (outputs, channels), extreme=extreme)


def _matrix(
    random: Generator,
    kind: str,
    code: str,
    options: Any,
    shape: tuple[int, ...],
    *,
    past: int = 0,
    stride: int = 1,
    dilation: int = 1,
    extreme: bool = False,
) -> Case:
    outputs, channels = shape[0], shape[-1]
    depth = math.prod(shape[1:])
    frames = int(random.integers(1, 40))
    source, target = random_grid(random), random_grid(random)
    relu = bool(random.integers(2))
    weights = random_codes(random, shape, -127, extreme=extreme)
    rows = random_codes(random, (frames, channels), -128, extreme=extreme)
    # As a calibrated layer has them: sums that fill the output's codes. Every third one has ratios that are powers of two, so
    # that ties, where roundings differ, are common.
    ratio = 40 / (73 * 73 * math.sqrt(depth)) * random.uniform(0.5, 2, outputs)
    if random.integers(3) == 0:
        ratio = np.exp2(np.round(np.log2(ratio)))
        source, target = Grid.of(0.5, source.zero), Grid.of(0.25, target.zero)
    scales = (ratio * target.scales[0] / source.scales[0]).astype(np.float32)
    bias = random.integers(-20000, 20001, outputs).astype(np.int32)
    options.fusedActivationFunction = schema.ActivationFunctionType.RELU if relu else schema.ActivationFunctionType.NONE
    padded = np.concatenate([np.full((past, channels), source.zero, np.int8), rows])
    made = -(-frames // stride)
    is_convolution = kind == "conv1d"
    file = write(
        code,
        options,
        [
            Operand((1, 1, *padded.shape) if is_convolution else padded.shape, source),
            Operand(shape, Grid(scales), weights),
            Operand((outputs,), Grid(scales * source.scales[0]), bias),
        ],
        Operand((1, 1, made, outputs) if is_convolution else (made, outputs), target),
    )
    kernel = shape[2] if is_convolution else 1
    taps = weights.reshape(outputs, kernel, channels).astype(np.int64)
    codes = padded.astype(np.int64) - source.zero
    sums = sum(codes[tap * dilation :][:frames:stride] @ taps[:, tap].T for tap in range(kernel)) + bias
    products = products_of(np.asarray(sums), source, scales, target, relu=relu)

    request = {
        "op": kind,
        "channels": channels,
        "outputs": outputs,
        "kernel": kernel,
        "stride": stride,
        "dilation": dilation,
        "relu": int(relu),
        **grid_fields("input", source),
        **grid_fields("output", target),
        "weights": weights.reshape(-1).tolist(),
        "weight_scales": scales.astype(np.float64).tolist(),
        "bias": bias.tolist(),
        "rows": rows.reshape(-1).tolist(),
    }
    ratios = float(source.scales[0]) * scales.astype(np.float64) / float(target.scales[0])
    exact = np.asarray(sums) * ratios + target.zero
    return Case(kind, request, file, padded, exact.reshape(-1), products)


def max_pooling(random: Generator) -> Case:
    """A maximum over a window of rows."""
    channels, kernel, stride = int(random.integers(1, 70)), int(random.integers(1, 6)), int(random.integers(1, 4))
    frames = int(random.integers(kernel, 50))
    grid = random_grid(random)
    options = schema.Pool2DOptionsT()
    options.padding = schema.Padding.VALID
    options.strideH, options.strideW = 1, stride
    options.filterHeight, options.filterWidth = 1, kernel
    rows = random.integers(-128, 128, (frames, channels)).astype(np.int8)
    made = (frames - kernel) // stride + 1
    file = write(
        "MAX_POOL_2D", options, [Operand((1, 1, frames, channels), grid)], Operand((1, 1, made, channels), grid)
    )
    request = {"op": "max_pool", "channels": channels, "kernel": kernel, "stride": stride, **grid_fields("input", grid)}
    request["rows"] = rows.reshape(-1).tolist()
    exact = np.array([rows[start : start + kernel].max(0) for start in range(0, frames - kernel + 1, stride)], float)
    return Case("max_pool", request, file, rows, exact.reshape(-1))


def mean_pooling(random: Generator) -> Case:
    """A mean over all rows, from one grid to another."""
    channels, frames = int(random.integers(1, 70)), int(random.integers(1, 300))
    source = random_grid(random)
    target = Grid.of(float(source.scales[0]) * random.uniform(0.3, 1.5), int(random.integers(-128, 128)))
    rows = random.integers(-128, 128, (frames, channels)).astype(np.int8)
    options = schema.ReducerOptionsT()
    options.keepDims = False
    axis = Operand((1,), None, np.array([0], np.int32))
    file = write("MEAN", options, [Operand((frames, channels), source), axis], Operand((channels,), target))
    request = {
        "op": "mean_pool",
        "channels": channels,
        **grid_fields("input", source),
        **grid_fields("output", target),
        "rows": rows.reshape(-1).tolist(),
    }
    ratio = float(source.scales[0]) / float(target.scales[0])
    return Case("mean_pool", request, file, rows, (rows.mean(0) - source.zero) * ratio + target.zero)


def softmax(random: Generator) -> Case:
    """Scores of classes; LiteRT's have 256 steps, ours 10 000."""
    classes, frames = int(random.integers(2, 17)), int(random.integers(1, 100))
    source = random_grid(random)
    target = Grid.of(1 / 256, -128)
    rows = random.integers(-128, 128, (frames, classes)).astype(np.int8)
    options = schema.SoftmaxOptionsT()
    options.beta = 1.0
    file = write("SOFTMAX", options, [Operand(rows.shape, source)], Operand(rows.shape, target))
    real = (rows.astype(np.float64) - source.zero) * float(source.scales[0])
    logits = np.rint(real * math.log2(math.e) * 65536).astype(np.int64)
    request = {"op": "softmax", "channels": classes, "rows": logits.reshape(-1).tolist()}

    def codes(answer: NDArray[np.int32]) -> NDArray[np.int32]:
        return np.minimum(np.floor(answer * 256 / 10000 + 0.5).astype(np.int32) - 128, 127)

    odds = np.exp(real - real.max(1, keepdims=True))
    exact = odds / odds.sum(1, keepdims=True) * 256 - 128
    return Case("softmax", request, file, rows, exact.reshape(-1), codes=codes)


def random_codes(random: Generator, shape: tuple[int, ...], least: int, *, extreme: bool) -> Codes:
    """Codes from `least` to 127, or only these two."""
    codes = random.choice([least, 127], shape) if extreme else random.integers(least, 128, shape)
    return codes.astype(np.int8)


def random_grid(random: Generator) -> Grid:
    """One scale, any zero point."""
    return Grid.of(float(random.uniform(0.005, 0.1)), int(random.integers(-128, 128)))


def grid_fields(name: str, grid: Grid) -> dict[str, object]:
    """A grid in a request."""
    return {f"{name}_scale": float(grid.scales[0]), f"{name}_zero": grid.zero}


def products_of(
    sums: NDArray[np.int64], source: Grid, scales: NDArray[np.float32], target: Grid, *, relu: bool
) -> Products:
    """What an engine has before it rounds: `sums` by rows of as many outputs as there are scales."""
    mantissas, shifts = [], []
    for scale in scales:
        fraction, exponent = math.frexp(float(source.scales[0]) * float(scale) / float(target.scales[0]))
        mantissa = math.floor(fraction * 2**31 + 0.5)
        if mantissa == 2**31:
            mantissa, exponent = 2**30, exponent + 1
        mantissas.append(mantissa)
        shifts.append(31 - exponent)
    least = target.zero if relu else -128
    return Products(sums.reshape(-1).tolist(), mantissas * len(sums), shifts * len(sums), target.zero, least)
