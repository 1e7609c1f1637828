"""`edged-train detector …`: prepares streams, trains, exports, and compares with other detectors."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from edged_train import writing
from edged_train.option import whole
from edged_train.problem import Problem
from edged_train.recipe import FrontEnd

FRONT_END = FrontEnd(bands=64, fmin=40.0, fmax=7600.0)
"""The default model's mel bands: a detector works with every model that has the same ones."""

SECONDS = 10.0
"""Length of a training stream."""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command and its parts."""
    detector = commands.add_parser("detector", help="train the network of the speech detector, and measure it")
    parts = detector.add_subparsers(title="parts", required=True, metavar="PART")

    prepare = parts.add_parser("prepare", help="mix streams of speech in noise and compute their features with edgectl")
    prepare.add_argument("--corpus", type=Path, required=True, help="corpus folder with INDEX.tsv")
    prepare.add_argument("--output", type=Path, required=True, help="folder for the streams (1.5 GB)")
    prepare.add_argument("--edgectl", default="edgectl", help="the program that computes features (default: in PATH)")
    prepare.add_argument(
        "--streams", type=whole(1, 100_000), default=2400, help="training streams of 10 s (default: 2400)"
    )
    prepare.add_argument("--made-noise-only", action="store_true", help="train without any recorded noise")
    prepare.set_defaults(run=_prepare)

    train = parts.add_parser("train", help="train the network on prepared streams")
    train.add_argument("--prepared", type=Path, required=True, help="folder written by prepare")
    train.add_argument("--output", type=Path, required=True, help="file to write, for example detector.pt")
    train.add_argument("--epochs", type=whole(1), default=12)
    train.add_argument("--from", type=Path, dest="start", metavar="NETWORK", help="continue from a trained network")
    train.add_argument("--seed", type=whole(0), default=0)
    train.set_defaults(run=_train)

    export = parts.add_parser("export", help="write a trained network as detector.bin for edgectl quantize")
    export.add_argument("network", type=Path, help="network written by train")
    export.add_argument("--prepared", type=Path, required=True, help="folder written by prepare")
    export.add_argument("-o", "--output", type=Path, required=True, help="file to write, for example detector.bin")
    export.set_defaults(run=_export)

    measure = parts.add_parser("measure", help="compare misses and false alarms with the energy detector and webrtcvad")
    measure.add_argument("--prepared", type=Path, required=True, help="folder written by prepare")
    measure.add_argument("--edgectl", default="edgectl", help="the program that runs detectors (default: in PATH)")
    measure.add_argument("--network", type=Path, help="network written by train: measured in float, without gate")
    measure.add_argument("--detector", type=Path, help="int8 detector file: measured behind its gate")
    measure.set_defaults(run=_measure)


def _prepare(options: argparse.Namespace) -> None:
    from edged_train.alone import alone

    with alone(options.output):
        _prepare_alone(options)


def _prepare_alone(options: argparse.Namespace) -> None:
    from edged_train.detector import prepare
    from edged_train.detector.streams import Material

    found = prepare.sources(options.corpus)
    ear = prepare.device_ear(options.edgectl, FRONT_END, options.output)
    for ratio in prepare.MEASURED_SNRS:
        keeping = prepare.device_ear(options.edgectl, FRONT_END, options.output / f"sound{ratio}", keep=True)
        streams = list(prepare.measured(found.dev, found.held_noise, ratio))
        prepare.save(iter([keeping(streams, "dev")]), options.output / f"dev{ratio}.safetensors")
    noise = () if options.made_noise_only else prepare.read_all(found.open_noise)
    recordings = tuple(sound for sound in map(prepare.without_silence, noise) if len(sound))
    parts = prepare.without_talkers(found.train)
    for name, paths, count in (("check", parts.held, 150), ("train", parts.kept, options.streams)):
        material = Material(prepare.read_all(paths), recordings)
        heard = prepare.training(material, count, SECONDS, 9 if name == "check" else 100, ear)
        prepare.save(heard, options.output / f"{name}.safetensors")
    prepare.write_calibration(Material(prepare.read_all(parts.kept[::20]), recordings), options.output / "calibration")


def _train(options: argparse.Namespace) -> None:
    import torch

    from edged_train.detector import prepare, training

    writing.check(options.output)
    torch.set_num_threads(1)
    streams = prepare.load(options.prepared / "train.safetensors")
    settings = training.Settings(epochs=options.epochs, seed=options.seed)

    def told(epoch: int, loss: float) -> None:
        print(f"epoch {epoch + 1} of {settings.epochs}: loss {loss:.4f}", file=sys.stderr)

    start = training.load_detector(options.start) if options.start else None
    detector = training.train(streams, settings, told, start)
    detector.save(options.output)
    count = sum(parameter.numel() for parameter in detector.network.parameters())
    print(f"{options.output}: {count} parameters, a verdict depends on {detector.network.frames} frames")


def _export(options: argparse.Namespace) -> None:
    from dataclasses import replace

    from edged_train.detector import export, prepare, table, training

    writing.check(options.output)
    detector = training.load_detector(options.network)
    check = prepare.load(options.prepared / "check.safetensors")
    odds = detector.odds(check)
    keep = table.best_threshold(odds, check.truth)
    thresholds = export.Thresholds(open=keep + 1, keep=keep)
    errors = table.errors(odds > keep, check.truth)
    card = {
        "data": "CREMA-D (72 of its 91 speakers), made noise, ESC-10 (the CC BY part of ESC-50)",
        "licence": "ODbL 1.0 and DbCL 1.0 (CREMA-D), CC BY 3.0 (ESC-10)",
        "attribution": "Cao et al.: CREMA-D, IEEE TAC 5(4), 2014; Piczak: ESC, ACM MM 2015",
        "split": "train speakers; thresholds on six of them that training did not hear",
        "accuracy": {"check_missed": round(errors.missed, 2), "check_false_alarms": round(errors.false_alarms, 2)},
    }
    front_end = replace(FRONT_END, coefficients=detector.settings.coefficients)
    size = export.export(detector, front_end, thresholds, card, options.output)
    print(f"{options.output}: {size} bytes; keeps segments open above odds of e^{keep:.2f}")


def _measure(options: argparse.Namespace) -> None:
    from edged_train.detector import prepare, table, training

    rows: dict[str, dict[int, table.Errors]] = {}

    def note(name: str, ratio: int, errors: table.Errors) -> None:
        rows.setdefault(name, {})[ratio] = errors

    network = training.load_detector(options.network) if options.network else None
    threshold = 0.0
    if network:
        check = prepare.load(options.prepared / "check.safetensors")
        threshold = table.best_threshold(network.odds(check), check.truth)
    for ratio in prepare.MEASURED_SNRS:
        streams = prepare.load(options.prepared / f"dev{ratio}.safetensors")
        note("energy", ratio, table.errors(streams.activity > 0, streams.truth))
        sounds = sorted((options.prepared / f"sound{ratio}").glob("*.wav"))
        if len(sounds) != len(streams.offsets) - 1:
            raise Problem(f"{options.prepared / f'sound{ratio}'} is not complete; prepare it anew")
        for mode in (1, 2, 3):
            verdicts = table.webrtc_all(sounds, streams.offsets, mode)
            note(f"webrtcvad, mode {mode}", ratio, table.errors(verdicts, streams.truth))
        if network:
            note("network, float", ratio, table.errors(network.odds(streams) > threshold, streams.truth))
        if options.detector:
            heard = prepare.heard_by(options.edgectl, options.detector, FRONT_END, sounds, options.prepared)
            note("network, int8, behind its gate", ratio, table.errors(heard > 0, streams.truth))
    print(_headed(rows))


def _headed(rows: Mapping[str, Mapping[int, object]]) -> str:
    from edged_train.detector import table

    return "misses and false alarms in % of frames (their parts), dev clips in noise of classes never trained on\n" + (
        table.text(rows)  # type: ignore[arg-type]
    )
