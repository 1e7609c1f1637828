"""Writes .tflite files of one int8 operator, with scales and zero points of our choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from ai_edge_litert import schema_py_generated as schema
from numpy.typing import NDArray


@dataclass(frozen=True)
class Grid:
    """How codes stand for real numbers: one scale, or one a channel."""

    scales: NDArray[np.float32]
    zero: int = 0

    @staticmethod
    def of(scale: float, zero: int) -> Grid:
        """One scale for all."""
        return Grid(np.array([scale], np.float32), zero)


@dataclass(frozen=True)
class Operand:
    """A tensor: its shape and grid, and its codes where they are constant; of several scales, the axis that they go along."""

    shape: tuple[int, ...]
    grid: Grid | None
    codes: NDArray[np.int8] | NDArray[np.int32] | None = None
    axis: int = 0


def write(code: str, options: Any, operands: list[Operand], result: Operand) -> bytes:
    """A file that computes `result` from `operands`, the first of which is the input.

    `code` is the operator's name in the schema, `options` its table of the schema's object API.
    """
    model = schema.ModelT()
    model.version = 3
    operator_code = schema.OperatorCodeT()
    operator_code.builtinCode = getattr(schema.BuiltinOperator, code)
    operator_code.deprecatedBuiltinCode = min(operator_code.builtinCode, 127)
    operator_code.version = {"CONV_2D": 5, "FULLY_CONNECTED": 4, "DEPTHWISE_CONV_2D": 3}.get(code, 2)
    model.operatorCodes = [operator_code]
    model.buffers = [schema.BufferT()]

    graph = schema.SubGraphT()
    graph.tensors = [_tensor(model, operand, number) for number, operand in enumerate([*operands, result])]
    graph.inputs, graph.outputs = [0], [len(operands)]
    operator = schema.OperatorT()
    operator.inputs, operator.outputs = list(range(len(operands))), [len(operands)]
    operator.builtinOptions = options
    operator.builtinOptionsType = getattr(schema.BuiltinOptions, type(options).__name__.removesuffix("T"))
    graph.operators = [operator]
    model.subgraphs = [graph]
    return _packed(model)


def _tensor(model: Any, operand: Operand, number: int) -> Any:
    tensor = schema.TensorT()
    tensor.name = f"tensor{number}".encode()
    tensor.shape = list(operand.shape)
    tensor.type = schema.TensorType.INT32 if _is_int32(operand) else schema.TensorType.INT8
    tensor.buffer = 0
    if operand.grid is not None:
        quantization = schema.QuantizationParametersT()
        quantization.scale = operand.grid.scales.tolist()
        quantization.zeroPoint = [operand.grid.zero] * len(operand.grid.scales)
        quantization.quantizedDimension = operand.axis
        tensor.quantization = quantization
    if operand.codes is not None:
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(np.ascontiguousarray(operand.codes).tobytes(), np.uint8)
        tensor.buffer = len(model.buffers)
        model.buffers.append(buffer)
    return tensor


def _is_int32(operand: Operand) -> bool:
    return operand.codes is not None and operand.codes.dtype == np.int32


def _packed(model: Any) -> bytes:
    import flatbuffers

    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
    return bytes(builder.Output())
