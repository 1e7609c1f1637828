"""The network as ONNX Runtime runs it: in float, statically quantized (QDQ), dynamically quantized; the LSTM is one operator."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime import quantization

from edged_bench.model import Layer, Network


class OnnxRuntime:
    """An ONNX model with one input and one output, on one thread."""

    def __init__(self, model: bytes) -> None:
        """Takes the bytes of the file."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._input: NDArray[np.float32] | None = None

    def set(self, features: NDArray[np.float32]) -> None:
        """Sets the input."""
        self._input = features

    def invoke(self) -> Any:
        """Runs the network once and gives its logits."""
        return self._session.run(None, {"features": self._input})[0]


def convert(network: Network, frames: int) -> bytes:
    """The float network, over [frames, width]."""
    graph = _Graph()
    for layer in network.layers:
        graph.add(layer)
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "network",
            [helper.make_tensor_value_info("features", TensorProto.FLOAT, [frames, network.width])],
            [helper.make_tensor_value_info(network.layers[-1].name, TensorProto.FLOAT, [1, len(network.classes)])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=9,
    )
    onnx.checker.check_model(model)
    return bytes(onnx.shape_inference.infer_shapes(model).SerializeToString())


def quantized_statically(model: bytes, calibration: NDArray[np.float32]) -> bytes:
    """int8 with scales from windows of `calibration`; ONNX Runtime leaves the LSTM in float."""

    def run(source: str, target: str) -> None:
        quantization.quantize_static(
            source,
            target,
            _Windows(iter(calibration)),
            quant_format=quantization.QuantFormat.QDQ,
            per_channel=True,
            op_types_to_quantize=["Conv", "MatMul", "Gemm", "Add", "Relu", "Concat"],
        )

    return _by_file(model, run)


def quantized_dynamically(model: bytes) -> bytes:
    """int8 weights, activations quantized as they come; the LSTM too."""

    def run(source: str, target: str) -> None:
        quantization.quantize_dynamic(source, target, op_types_to_quantize=["MatMul", "Gemm", "LSTM"])

    return _by_file(model, run)


def _by_file(model: bytes, run: Callable[[str, str], None]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "float.onnx", Path(folder) / "int8.onnx"
        source.write_bytes(model)
        run(str(source), str(target))
        return target.read_bytes()


class _Windows(quantization.CalibrationDataReader):  # type: ignore[misc]
    def __init__(self, windows: Iterator[NDArray[np.float32]]) -> None:
        self._windows = windows

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        window = next(self._windows, None)
        return None if window is None else {"features": window}


class _Graph:
    """Nodes over rows [frames, channels], a decision's one row being [1, channels]."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def add(self, layer: Layer) -> None:
        result = layer.name + "/linear" if layer.relu else layer.name
        first = layer.inputs[0]
        match layer.kind:
            case "conv1d":
                kernel = layer.matrix.shape[1]
                rows = self._node("Unsqueeze", [self._node("Transpose", [first], perm=[1, 0]), self._integers([0])])
                weight = self._constant(layer.matrix.transpose(0, 2, 1))
                columns = self._node(
                    "Conv",
                    [rows, weight, self._constant(layer.offsets)],
                    kernel_shape=[kernel],
                    strides=[layer.stride],
                    dilations=[layer.dilation],
                    pads=[(kernel - 1) * layer.dilation, 0],
                )
                self._node("Transpose", [self._node("Squeeze", [columns, self._integers([0])])], result, perm=[1, 0])
            case "dense":
                self._node("Gemm", [first, self._constant(layer.matrix.T), self._constant(layer.offsets)], result)
            case "lstm":
                self._lstm(layer, result)
            case "add":
                self._node("Add", list(layer.inputs), result)
            case "concat":
                self._node("Concat", list(layer.inputs), result, axis=1)
            case "attention_pool":
                weights = self._node("Softmax", [self._node("Transpose", [layer.inputs[1]], perm=[1, 0])], axis=1)
                self._node("MatMul", [weights, first], result)
            case "mean_pool":
                self._node("ReduceMean", [first], result, axes=[0])
            case "statistics_pool":
                self._statistics(first, result)
            case "global_max_pool":
                self._node("ReduceMax", [first], result, axes=[0])
            case _:
                raise NotImplementedError(f"layer {layer.name}: {layer.kind}")
        if layer.relu:
            self._node("Relu", [result], layer.name)

    def _lstm(self, layer: Layer, result: str) -> None:
        assert layer.recurrent is not None
        hidden = layer.recurrent.shape[1]

        def iofc(values: NDArray[np.float32]) -> NDArray[np.float32]:
            i, f, g, o = np.split(values, 4)
            return np.concatenate([i, o, f, g])[None]

        bias = np.concatenate([iofc(layer.offsets), np.zeros((1, 4 * hidden), np.float32)], 1)
        inputs = [
            self._node("Unsqueeze", [layer.inputs[0], self._integers([1])]),
            self._constant(iofc(layer.matrix)),
            self._constant(iofc(layer.recurrent)),
            self._constant(bias),
        ]
        states = self._node("LSTM", inputs, hidden_size=hidden)
        self._node("Squeeze", [states, self._integers([1, 2])], result)

    def _statistics(self, rows: str, result: str) -> None:
        mean = self._node("ReduceMean", [rows], axes=[0])
        square = self._node("ReduceMean", [self._node("Mul", [rows, rows])], axes=[0])
        spread = self._node("Relu", [self._node("Sub", [square, self._node("Mul", [mean, mean])])])
        self._node("Concat", [mean, self._node("Sqrt", [spread])], result, axis=1)

    def _node(self, kind: str, inputs: list[str], output: str | None = None, **attributes: Any) -> str:
        name = output or f"value{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], name=f"node{len(self.nodes)}", **attributes))
        return name

    def _constant(self, values: NDArray[np.float32]) -> str:
        name = f"constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values, np.float32), name))
        return name

    def _integers(self, values: list[int]) -> str:
        name = f"constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.array(values, np.int64), name))
        return name
