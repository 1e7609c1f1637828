"""LiteRT's interpreter, on one thread."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class LiteRT:
    """A .tflite file with one input and one output, run with XNNPACK, or with the reference kernels."""

    def __init__(self, content: bytes, *, reference: bool = False) -> None:
        """Takes the bytes of the file."""
        from ai_edge_litert.interpreter import Interpreter, OpResolverType

        resolver = OpResolverType.BUILTIN_REF if reference else OpResolverType.AUTO
        self._interpreter: Any = Interpreter(
            model_content=content, num_threads=1, experimental_op_resolver_type=resolver
        )
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]
        self._output = self._interpreter.get_output_details()[0]

    def set(self, values: NDArray[np.int8] | NDArray[np.float32]) -> None:
        """Sets the input: codes as they are, real numbers by the input's scale and zero point."""
        if values.dtype != self._input["dtype"]:
            scale, zero = self._input["quantization"]
            values = np.clip(np.round(values / scale) + zero, -128, 127).astype(np.int8)
        self._interpreter.set_tensor(self._input["index"], values.reshape(self._input["shape"]))

    def invoke(self) -> None:
        """Runs the network once."""
        self._interpreter.invoke()

    def output(self) -> NDArray[Any]:
        """What the last run made: codes or real numbers, as the file has them."""
        return np.array(self._interpreter.get_tensor(self._output["index"]))
