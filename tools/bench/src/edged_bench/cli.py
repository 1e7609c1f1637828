"""The command line: one comparison, one table."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from edged_bench.engine import Engine
from edged_bench.problem import Problem


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the comparison; what cannot be measured is one sentence on stderr and status 1."""
    options = _parser().parse_args(arguments)
    try:
        _run(options)
    except Problem as problem:
        print(f"edged-bench: {problem}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tools/bench/run",
        description="Times edged beside the front ends and engines that people would otherwise use: the same speech, the "
        "same trained network, one thread, in turns. One table of medians and ratios.",
    )
    parser.add_argument("--programs", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--model", type=Path, default=Path("models/emotion.edge"), help="the device's model file")
    parser.add_argument("--float-model", type=Path, default=Path("models/model.bin"), help="what it was made of")
    parser.add_argument("--audio", type=Path, help="speech, a WAV file of 16 kHz (default: espeak-ng speaks)")
    parser.add_argument("--rounds", type=int, default=15, help="how often each is measured (default: 15)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    return parser


def _run(options: argparse.Namespace) -> None:
    # Imports that take seconds: not for --help.
    from edged_bench import comparison, report, sound

    if options.rounds < 1:
        raise Problem(f"--rounds must be 1 or more, and is {options.rounds}")
    with tempfile.TemporaryDirectory() as folder:
        recording = options.audio
        if recording is None:
            recording = Path(folder) / "speech.wav"
            sound.speak(recording)
        engine = Engine(options.programs, options.model)
        result = comparison.compare(engine, options.float_model, recording, options.rounds)
    print(
        json.dumps(report.document(result), indent=2) if options.json else report.text(result), end="\n"[: options.json]
    )


if __name__ == "__main__":
    sys.exit(main())
