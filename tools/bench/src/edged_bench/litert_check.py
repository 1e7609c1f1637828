"""Compares our operators with LiteRT's reference kernels, number by number, on the same quantized tensors."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from edged_bench import cases, planes
from edged_bench.cases import Case
from edged_bench.engine import Engine
from edged_bench.litert import LiteRT
from edged_bench.problem import Problem


@dataclass
class Tally:
    """How the numbers of one kind of operator compare. Whatever is not equal is one apart, or wrong."""

    cases: int = 0
    numbers: int = 0
    equal: int = 0
    #: The exact value is a negative half: ours goes up, LiteRT's away from zero.
    negative_halves: int = 0
    #: LiteRT rounded after 31 bits, and the rounded value again.
    two_roundings: int = 0
    #: Ours is at least as near to the exact value.
    ours_nearer: int = 0
    #: LiteRT's is nearer to the exact value.
    theirs_nearer: int = 0
    #: More than one apart; or a matrix, and none of its reasons.
    wrong: int = 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the counts; status 1 if anything differs by more than it may."""
    parser = argparse.ArgumentParser(
        prog="tools/bench/litert-check",
        description="Runs random int8 operators here and with LiteRT's reference kernels (BUILTIN_REF), and counts the "
        "numbers that differ. Maxima must be equal; convolutions and dense layers too, but for exact negative halves and where "
        "LiteRT rounds twice; means and softmax may differ by one.",
    )
    parser.add_argument("--programs", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--cases", type=int, default=300, help="cases of each kind (default: 300)")
    parser.add_argument("--seed", type=int, default=1, help="of the random cases (default: 1)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    options = parser.parse_args(arguments)
    try:
        tallies = check(Engine(options.programs, Path()), options.cases, options.seed)
    except Problem as problem:
        print(f"litert-check: {problem}", file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps({kind: asdict(tally) for kind, tally in tallies.items()}, indent=2))
    else:
        print(text(tallies), end="")
    return int(any(tally.wrong for tally in tallies.values()))


def check(engine: Engine, count: int, seed: int) -> dict[str, Tally]:
    """Compares `count` random cases of each kind."""
    kinds: dict[str, Callable[[Generator], Case]] = {
        "convolution": cases.convolution,
        "convolution, extremes": lambda random: cases.convolution(random, extreme=True),
        "dense": cases.dense,
        "dense, extremes": lambda random: cases.dense(random, extreme=True),
        "2-D convolution": planes.convolution,
        "2-D convolution, extremes": lambda random: planes.convolution(random, extreme=True),
        "depthwise convolution": lambda random: planes.convolution(random, depthwise=True),
        "depthwise convolution, extremes": lambda random: planes.convolution(random, depthwise=True, extreme=True),
        "max pooling": cases.max_pooling,
        "2-D max pooling": planes.max_pooling,
        "mean pooling": cases.mean_pooling,
        "2-D average pooling": planes.average_pooling,
        "softmax": cases.softmax,
    }
    tallies = {}
    for kind, make in kinds.items():
        chosen = [make(np.random.default_rng([seed, number])) for number in range(count)]
        answers = engine.operators([case.request for case in chosen])
        tallies[kind] = Tally()
        for case, answer in zip(chosen, answers, strict=True):
            _count(case, answer, tallies[kind])
    return tallies


def _count(case: Case, answer: NDArray[np.int32], tally: Tally) -> None:
    reference = LiteRT(case.file, reference=True)
    reference.set(case.input)
    reference.invoke()
    theirs = reference.output().reshape(-1).astype(np.int32)
    ours = case.codes(answer)
    if ours.shape != theirs.shape:
        raise Problem(f"a case of {case.kind} gives {len(ours)} numbers here and {len(theirs)} in LiteRT")
    tally.cases += 1
    tally.numbers += len(ours)
    tally.equal += int((ours == theirs).sum())
    apart = np.abs(ours - theirs) == 1
    tally.wrong += int((np.abs(ours - theirs) > 1).sum())
    if case.products is not None:
        halves = apart & (theirs == case.products.rounded_away())
        twice = apart & ~halves & (theirs == case.products.rounded_twice())
        tally.negative_halves += int(halves.sum())
        tally.two_roundings += int(twice.sum())
        tally.wrong += int((apart & ~halves & ~twice).sum())
    else:
        nearer = apart & (np.abs(ours - case.exact) <= np.abs(theirs - case.exact) + 1e-9)
        tally.ours_nearer += int(nearer.sum())
        tally.theirs_nearer += int((apart & ~nearer).sum())


def text(tallies: dict[str, Tally]) -> str:
    """The table."""
    rows = [("", *(field.name.replace("_", " ") for field in fields(Tally)))]
    for kind, tally in tallies.items():
        rows.append((kind, *(f"{value:,}" for value in asdict(tally).values())))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "".join(
        row[0].ljust(widths[0])
        + "".join("  " + row[column].rjust(widths[column]) for column in range(1, len(row)))
        + "\n"
        for row in rows
    )
