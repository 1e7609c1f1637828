"""The network as LiteRT runs it: converted by TensorFlow, int8, the LSTM unrolled (its converter's form for int8)."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edged_bench.model import Layer, Network


def convert(network: Network, frames: int, calibration: NDArray[np.float32]) -> bytes:
    """A .tflite file that takes [1, frames, width] int8 features; scales come from windows of `calibration`."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import tensorflow as tf

    def run(features: Any) -> Any:
        values = {"features": features[None]}
        for layer in network.layers:
            values[layer.name] = _operator(tf, layer, [values[name] for name in layer.inputs])
        return values[network.layers[-1].name]

    shape = tf.TensorSpec([1, frames, network.width], tf.float32)
    function = tf.function(run, input_signature=[shape], autograph=False)
    converter = tf.lite.TFLiteConverter.from_concrete_functions([function.get_concrete_function()])
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([window[None]] for window in calibration)
    # What has no int8 form (square root, the last rows' softmax) may stay in float: it is once per window.
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8, tf.lite.OpsSet.TFLITE_BUILTINS]
    converter.inference_input_type = tf.int8
    return bytes(converter.convert())


def _operator(tf: Any, layer: Layer, inputs: list[Any]) -> Any:
    """One operator. Convolutions and sums of them keep images [1, 1, frames, channels], so that nothing stands between a
    convolution and its ReLU; all others have rows [frames, channels], or the one row [1, channels] of a decision.
    """
    if layer.kind in ("conv1d", "add"):
        result = _convolution(tf, layer, inputs[0]) if layer.kind == "conv1d" else inputs[0] + inputs[1]
    else:
        result = _rows_operator(tf, layer, [_rows(tf, value) for value in inputs])
    return tf.nn.relu(result) if layer.relu else result


def _rows_operator(tf: Any, layer: Layer, inputs: list[Any]) -> Any:
    first = inputs[0]
    match layer.kind:
        case "dense":
            return tf.matmul(first, layer.matrix.T) + layer.offsets
        case "lstm":
            return _lstm(tf, layer, first)
        case "concat":
            return tf.concat(inputs, 1)
        case "attention_pool":
            return tf.matmul(tf.nn.softmax(tf.reshape(inputs[1], [1, -1])), first)
        case "mean_pool":
            return tf.reduce_mean(first, 0, keepdims=True)
        case "statistics_pool":
            mean = tf.reduce_mean(first, 0, keepdims=True)
            spread = tf.reduce_mean(first * first, 0, keepdims=True) - mean * mean
            return tf.concat([mean, tf.sqrt(tf.maximum(spread, 0))], 1)
        case "global_max_pool":
            return tf.reduce_max(first, 0, keepdims=True)
        case _:
            raise NotImplementedError(f"layer {layer.name}: {layer.kind}")


def _rows(tf: Any, values: Any) -> Any:
    return tf.reshape(values, values.shape[2:]) if len(values.shape) == 4 else values


def _convolution(tf: Any, layer: Layer, image: Any) -> Any:
    kernel = layer.matrix.shape[1]
    padded = tf.pad(image, [[0, 0], [0, 0], [(kernel - 1) * layer.dilation, 0], [0, 0]])
    weight = layer.matrix.transpose(1, 2, 0)[None]
    strides, dilations = [1, 1, layer.stride, 1], [1, 1, layer.dilation, 1]
    return tf.nn.conv2d(padded, weight, strides, "VALID", dilations=dilations) + layer.offsets


def _lstm(tf: Any, layer: Layer, rows: Any) -> Any:
    """The input's product over all rows at once, then a step a row."""
    assert layer.recurrent is not None
    steps = tf.split(tf.matmul(rows, layer.matrix.T) + layer.offsets, rows.shape[0], 0)
    states: list[Any] = []
    cell: Any = None
    for step in steps:
        gates = step + tf.matmul(states[-1], layer.recurrent.T) if states else step
        i, f, g, o = tf.split(gates, 4, 1)
        new = tf.sigmoid(i) * tf.tanh(g)
        cell = new if cell is None else tf.sigmoid(f) * cell + new
        states.append(tf.sigmoid(o) * tf.tanh(cell))
    return tf.concat(states, 0)
