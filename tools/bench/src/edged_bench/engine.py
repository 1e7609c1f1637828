"""Our side: the programs of this repository."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edged_bench.problem import Problem


@dataclass(frozen=True)
class Engine:
    """The built programs and a model."""

    #: The folder of `edgectl` and `engine-probe`.
    programs: Path
    #: The device's model file.
    model: Path

    def bench(self, recording: Path) -> dict[str, Any]:
        """One round of `edgectl bench` over a recording."""
        arguments = ["bench", str(self.model), "--json", "--rounds", "1", "--input", str(recording)]
        report: dict[str, Any] = json.loads(self._run("edgectl", arguments))
        return report

    def cepstrum(self, samples: NDArray[np.int16]) -> float:
        """One round of the standard front end over samples: microseconds for a second of audio."""
        return float(self._run("engine-probe", ["cepstrum"], samples.tobytes()))

    def features(self, samples: NDArray[np.int16], width: int) -> NDArray[np.int8]:
        """The network's inputs for samples of an unknown talker, [frames, width]."""
        answer = self._run("engine-probe", ["features", str(self.model)], samples.tobytes())
        return np.frombuffer(answer, np.int8).reshape(-1, width)

    def logits(self, windows: NDArray[np.int8], classes: int) -> NDArray[np.float64]:
        """Natural logits, over the temperature, of windows [windows, frames, width]."""
        arguments = ["logits", str(self.model), str(windows.shape[1])]
        answer = self._run("engine-probe", arguments, windows.tobytes())
        codes = np.frombuffer(answer, np.int32).reshape(-1, classes)
        return codes.astype(np.float64) * float(np.log(2) / 65536)

    def operators(self, requests: list[dict[str, object]]) -> list[NDArray[np.int32]]:
        """What the engine's operators make of each request, with every kernel variant of this processor."""
        lines = "".join(json.dumps(request) + "\n" for request in requests)
        answer = self._run("engine-probe", ["operators"], lines.encode())
        return [np.array(json.loads(line), np.int32) for line in answer.splitlines()]

    def _run(self, name: str, arguments: list[str], data: bytes = b"") -> bytes:
        program = self.programs / name
        try:
            return subprocess.run([program, *arguments], input=data, capture_output=True, check=True).stdout
        except FileNotFoundError:
            raise Problem(f"{program} is not built: swift build -c release --product {name}") from None
        except subprocess.CalledProcessError as error:
            raise Problem(f"{name} failed: {error.stderr.decode(errors='replace').strip()}") from None
