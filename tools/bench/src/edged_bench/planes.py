"""Random operators over planes: rows of places with several features, as a window's rows are."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from ai_edge_litert import schema_py_generated as schema
from numpy.random import Generator
from numpy.typing import NDArray

from edged_bench.cases import Case, Codes, grid_fields, products_of, random_codes, random_grid
from edged_bench.tflite_file import Grid, Operand, write


@dataclass(frozen=True)
class Plane:
    """How an operator walks over a plane; pairs are (rows, columns)."""

    size: tuple[int, int]
    features: int
    kernel: tuple[int, int]
    stride: tuple[int, int]
    dilation: tuple[int, int]
    is_same: bool

    @staticmethod
    def random(random: Generator, *, is_dilated: bool) -> Plane:
        """Any that leaves an output; a third of them sequences, with one column."""
        while True:
            size = int(random.integers(1, 13)), 1 if random.integers(3) == 0 else int(random.integers(2, 13))
            kernel = int(random.integers(1, 5)), 1 if size[1] == 1 else int(random.integers(1, 5))
            stride = int(random.integers(1, 4)), int(random.integers(1, 4))
            dilation = (int(random.integers(1, 3)), int(random.integers(1, 3))) if is_dilated else (1, 1)
            plane = Plane(size, int(random.integers(1, 20)), kernel, stride, dilation, bool(random.integers(2)))
            if min(plane.outputs) > 0:
                return plane

    def extent(self, axis: int) -> int:
        """Places that the taps reach over."""
        return (self.kernel[axis] - 1) * self.dilation[axis] + 1

    @property
    def outputs(self) -> tuple[int, int]:
        """Places of the output."""

        def count(axis: int) -> int:
            if self.is_same:
                return -(-self.size[axis] // self.stride[axis])
            return max(0, (self.size[axis] - self.extent(axis)) // self.stride[axis] + 1)

        return count(0), count(1)

    @property
    def padding(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Places before and behind the plane, along both axes: the odd one behind, as TensorFlow has it."""

        def places(axis: int) -> tuple[int, int]:
            reach = (self.outputs[axis] - 1) * self.stride[axis] + self.extent(axis)
            total = max(0, reach - self.size[axis]) if self.is_same else 0
            return total // 2, total - total // 2

        return places(0), places(1)

    def patches(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """What each tap sees: (taps, output rows, output columns, features); outside the plane nan."""
        padded = np.pad(values, (*self.padding, (0, 0)), constant_values=np.nan)
        (rows, columns), (down, right) = self.outputs, self.stride
        taps = itertools.product(range(self.kernel[0]), range(self.kernel[1]))
        starts = [(row * self.dilation[0], column * self.dilation[1]) for row, column in taps]
        return np.stack([padded[row::down, column::right][:rows, :columns] for row, column in starts])

    def fields(self) -> dict[str, object]:
        """For a request."""
        (above, below), (left, right) = self.padding
        return {
            "window": self.size[0],
            "columns": self.size[1],
            "channels": self.size[1] * self.features,
            "kernel": list(self.kernel),
            "stride": list(self.stride),
            "dilation": list(self.dilation),
            "before": [above, left],
            "after": [below, right],
        }

    def describe(self, options: Any) -> Any:
        """The strides and the padding in LiteRT's words."""
        options.padding = schema.Padding.SAME if self.is_same else schema.Padding.VALID
        options.strideH, options.strideW = self.stride
        return options


def convolution(random: Generator, *, depthwise: bool = False, extreme: bool = False) -> Case:
    """A convolution over a plane, or one in which each feature has taps of its own."""
    plane = Plane.random(random, is_dilated=True)
    taps = math.prod(plane.kernel)
    outputs = plane.features if depthwise else int(random.integers(1, 30))
    options = plane.describe(schema.DepthwiseConv2DOptionsT() if depthwise else schema.Conv2DOptionsT())
    options.dilationHFactor, options.dilationWFactor = plane.dilation
    relu = bool(random.integers(2))
    options.fusedActivationFunction = schema.ActivationFunctionType.RELU if relu else schema.ActivationFunctionType.NONE
    if depthwise:
        options.depthMultiplier = 1
    source, target = random_grid(random), random_grid(random)
    # Ours: for each output its taps, for each tap its features.
    weights = random_codes(random, (outputs, taps, 1 if depthwise else plane.features), -127, extreme=extreme)
    values = random_codes(random, (*plane.size, plane.features), -128, extreme=extreme)
    depth = math.prod(weights.shape[1:])
    scales, source, target = _scales(random, depth, outputs, source, target)
    bias = random.integers(-20000, 20001, outputs).astype(np.int32)
    theirs = weights.reshape(outputs, *plane.kernel, -1)
    file = write(
        "DEPTHWISE_CONV_2D" if depthwise else "CONV_2D",
        options,
        [
            Operand((1, *plane.size, plane.features), source),
            Operand((1, *plane.kernel, outputs), Grid(scales), theirs.transpose(3, 1, 2, 0), axis=3)
            if depthwise
            else Operand(theirs.shape, Grid(scales), theirs),
            Operand((outputs,), Grid(scales * source.scales[0]), bias),
        ],
        Operand((1, *plane.outputs, outputs), target),
    )
    seen = np.nan_to_num(plane.patches(values.astype(np.float64) - source.zero))
    wide = weights.astype(np.float64)
    sums = np.einsum("trcf,ft->rcf", seen, wide[:, :, 0]) if depthwise else np.einsum("trcf,otf->rco", seen, wide)
    sums = sums.reshape(-1, outputs).astype(np.int64) + bias
    request = {
        "op": "depthwise2d" if depthwise else "conv2d",
        **plane.fields(),
        "outputs": outputs,
        "relu": int(relu),
        **grid_fields("input", source),
        **grid_fields("output", target),
        "weights": weights.reshape(-1).tolist(),
        "weight_scales": scales.astype(np.float64).tolist(),
        "bias": bias.tolist(),
        "rows": values.reshape(-1).tolist(),
    }
    ratios = float(source.scales[0]) * scales.astype(np.float64) / float(target.scales[0])
    exact = (sums * ratios + target.zero).reshape(-1)
    products = products_of(sums, source, scales, target, relu=relu)
    return Case(str(request["op"]), request, file, values, exact, products)


def _scales(
    random: Generator, depth: int, outputs: int, source: Grid, target: Grid
) -> tuple[NDArray[np.float32], Grid, Grid]:
    """Scales of weights with which sums fill the output's codes; every third time all ratios are powers of two."""
    ratio = 40 / (73 * 73 * math.sqrt(depth)) * random.uniform(0.5, 2, outputs)
    if random.integers(3) == 0:
        ratio = np.exp2(np.round(np.log2(ratio)))
        source, target = Grid.of(0.5, source.zero), Grid.of(0.25, target.zero)
    return (ratio * target.scales[0] / source.scales[0]).astype(np.float32), source, target


def max_pooling(random: Generator) -> Case:
    """The greatest of the places under a kernel."""
    return _pooling(random, "max_pool2d", "MAX_POOL_2D")


def average_pooling(random: Generator) -> Case:
    """The mean of the places under a kernel, on one grid, as LiteRT asks."""
    return _pooling(random, "average_pool2d", "AVERAGE_POOL_2D")


def _pooling(random: Generator, kind: str, code: str) -> Case:
    plane = Plane.random(random, is_dilated=False)
    grid = random_grid(random)
    options = plane.describe(schema.Pool2DOptionsT())
    options.filterHeight, options.filterWidth = plane.kernel
    values: Codes = random.integers(-128, 128, (*plane.size, plane.features)).astype(np.int8)
    file = write(
        code,
        options,
        [Operand((1, *plane.size, plane.features), grid)],
        Operand((1, *plane.outputs, plane.features), grid),
    )
    request = {
        "op": kind,
        **plane.fields(),
        **grid_fields("input", grid),
        **grid_fields("output", grid),
        "rows": values.reshape(-1).tolist(),
    }
    seen = plane.patches(values.astype(np.float64))
    exact = np.nanmax(seen, axis=0) if kind == "max_pool2d" else np.nanmean(seen, axis=0)
    return Case(kind, request, file, values, exact.reshape(-1))
