"""The command line: prepare, train, evaluate, report, compare, average, join, offset, export, degrade."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from edged_train import __version__, writing
from edged_train.detector import command as detector_command
from edged_train.option import whole, within
from edged_train.problem import Problem
from edged_train.recipe.numbers import LONGEST_ROOM_S

MOST_JOBS = 1024
"""More processes make no present machine faster."""

if TYPE_CHECKING:  # PyTorch takes seconds to import, which --help should not wait for.
    from edged_train.evaluation import Outcome, Temperatures
    from edged_train.run import Trained


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; bad input is one sentence on stderr and status 1."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
        sys.stdout.flush()
    except Problem as problem:
        print(f"edged-train: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("edged-train: interrupted; the same command continues", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader closed the pipe. Redirected, so that Python's flush at exit does not fail.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        refused = f"cannot use {error.filename}: {error.strerror}; mend that, or name another place"
        print(f"edged-train: {Problem(refused if error.filename else str(error))}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="edged-train",
        description="Trains speech emotion models for edged, with the device's own features and segmentation.",
    )
    parser.add_argument("--version", action="version", version=f"edged-train {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    prepare = commands.add_parser("prepare", help="augment clips and compute their features with edgectl")
    _add_recipe(prepare)
    prepare.add_argument(
        "--corpus",
        action="append",
        required=True,
        metavar="[NAME=]PATH",
        help="corpus folder, or TSV manifest; with NAME=, give it once for each of the recipe's corpora",
    )
    prepare.add_argument("--output", type=Path, required=True, help="folder for the features (13 GB for CREMA-D)")
    prepare.add_argument("--edgectl", default="edgectl", help="the program that computes features (default: in PATH)")
    prepare.add_argument("--noise", type=Path, help="folder of recorded noise, for augmentation.recorded_share")
    prepare.add_argument("--detector", type=Path, metavar="DETECTOR.EDGE", help="cut speech with it, not by energy")
    prepare.add_argument(
        "--jobs", type=whole(1, MOST_JOBS), default=os.cpu_count() or 1, help="processes (default: all cores)"
    )
    prepare.set_defaults(run=_prepare)

    train = commands.add_parser("train", help="train a recipe, or continue an interrupted run")
    _add_recipe(train)
    train.add_argument("--prepared", type=Path, required=True, help="folder written by prepare")
    train.add_argument("--run", type=Path, required=True, dest="folder", help="folder for checkpoints and log")
    train.add_argument("--from", type=Path, dest="start", metavar="RUN|MODEL.BIN", help="start from another network")
    train.add_argument(
        "--teachers", type=Path, nargs="+", default=[], metavar="RUN", help="runs to distil: learn their mean answer"
    )
    _add_compute(train)
    train.set_defaults(run=_train)

    evaluate = commands.add_parser("evaluate", help="evaluate a run's best checkpoint on the dev clips")
    _add_run(evaluate)
    evaluate.add_argument(
        "--streaming",
        action="store_true",
        help="also report accuracy and calibration by seconds heard, and accuracy by past segments of the talker",
    )
    evaluate.add_argument("--json", type=Path, help="also write all figures to this file")
    evaluate.set_defaults(run=_evaluate)

    report = commands.add_parser("report", help="write one HTML page about a run")
    _add_run(report)
    report.add_argument("-o", "--output", type=Path, help="the page (default: report.html in the run's folder)")
    report.set_defaults(run=_report)

    compare = commands.add_parser("compare", help="print one table of several runs that have been evaluated")
    compare.add_argument("folders", type=Path, nargs="+", metavar="RUN", help="folders of runs")
    compare.add_argument("--json", type=Path, help="also write the table to this file")
    compare.set_defaults(run=_compare)

    average = commands.add_parser("average", help="average the weights of runs that were started from one another")
    average.add_argument(
        "runs", type=Path, nargs="+", metavar="RUN", help="folders of runs; any but the first may be a model.bin"
    )
    average.add_argument("-o", "--output", type=Path, required=True, help="folder for the averaged run")
    average.set_defaults(run=_average)

    join = commands.add_parser("join", help="combine runs into one network that answers with the mean of theirs")
    join.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="folders of runs")
    join.add_argument("-o", "--output", type=Path, required=True, help="folder for the joined run")
    join.set_defaults(run=_join)

    offset = commands.add_parser(
        "offset",
        help="correct the logits of each class for talkers unknown to training, from runs that held speakers out, and measure the talker's bias",
    )
    offset.add_argument("folder", type=Path, metavar="RUN", help="folder of a run")
    offset.add_argument("--prepared", type=Path, required=True, help="folder written by prepare")
    offset.add_argument("--orders", type=whole(1), help="number of orders to hear sessions in (default: each recipe's)")
    offset.add_argument("--threads", type=whole(1), default=1, help="processor threads (default: 1)")
    offset.add_argument(
        "--held-out", type=Path, nargs="+", required=True, metavar="RUN", help="runs that each held speakers out"
    )
    _add_device(offset)
    offset.add_argument("-o", "--output", type=Path, required=True, help="folder for the run with offsets")
    offset.set_defaults(run=_offset)

    export = commands.add_parser("export", help="write a run's best checkpoint as model.bin, with its figures")
    _add_run(export)
    _add_device(export)
    export.add_argument("-o", "--output", type=Path, required=True, help="file to write, for example model.bin")
    export.set_defaults(run=_export)

    degrade = commands.add_parser(
        "degrade", help="write a list's recordings as heard in a room, in noise or over a telephone"
    )
    degrade.add_argument("list", type=Path, help="list of recordings, as for edgectl eval")
    degrade.add_argument("-o", "--output", type=Path, required=True, help="folder for the sound and its list.tsv")
    degrade.add_argument("--telephone", action="store_true", help="300–3400 Hz, 8 kHz, G.711")
    degrade.add_argument("--noise", type=Path, help="folder of recordings of noise")
    degrade.add_argument(
        "--snr", type=within(-100, 100), default=10.0, help="signal-to-noise ratio in dB (default: 10)"
    )
    degrade.add_argument(
        "--room", type=within(0, LONGEST_ROOM_S), default=0, metavar="SECONDS", help="reverberation time of a room"
    )
    degrade.add_argument("--seed", type=whole(0), default=0, help="seed that selects noise and room (default: 0)")
    degrade.add_argument("--channel", type=int, default=0, help="channel to read and to write (default: 0)")
    degrade.set_defaults(run=_degrade)

    detector_command.add(commands)
    return parser


def _add_recipe(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("recipe", type=Path, help="recipe file, TOML")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="override, e.g. training.epochs=20"
    )


def _add_device(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="override what the device does around the network, e.g. recognition.baseline.segments=40",
    )


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="RUN", help="folder of a run")
    parser.add_argument("--prepared", type=Path, required=True, help="folder written by prepare")
    parser.add_argument("--orders", type=whole(1), help="number of orders to hear sessions in (default: the recipe's)")
    _add_compute(parser)


def _add_compute(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--threads", type=whole(1), default=1, help="processor threads (default: 1)")
    parser.add_argument("--device", help="cpu, cuda … (default: cuda if there is one)")


def _prepare(options: argparse.Namespace) -> None:
    from edged_train import corpus, prepare, recipe

    settings = recipe.load(options.recipe, options.set)
    places = corpus.places(settings, options.corpus)
    prepare.prepare(settings, places, options.output, options.edgectl, options.jobs, options.noise, options.detector)


def _train(options: argparse.Namespace) -> None:
    import torch

    from edged_train import account, group, recipe
    from edged_train.alone import alone
    from edged_train.trainer import Trainer

    torch.set_num_threads(options.threads)
    # Denormals in the optimizer's averages would cost most of the speed late in training.
    torch.set_flush_denormal(True)
    device = group.device(options.device)
    settings = recipe.load(options.recipe, options.set)
    together = group.join(device)
    with alone(options.folder) if together.leads else nullcontext():
        trainer = Trainer(settings, options.prepared, options.folder, device, options.start, together, options.teachers)
        if together.leads:
            processes = f" in {together.size} processes" if together.size > 1 else ""
            print(f"{trainer.parameter_count} parameters on {device}{processes}", file=sys.stderr)
            for what in trainer.left_out:
                print(f"not taken over from {options.start}: {what}", file=sys.stderr)
            haste = "" if options.start else account.haste(settings, trainer.batch_count)
            if haste:
                print(haste, file=sys.stderr)
        trainer.train()
    group.leave()
    if not together.leads:
        return
    how, kind = ("on", "whole dev") if settings.evaluation.protocol == "whole" else ("in sessions on", "dev")
    heard = account.heard(kind, trainer.dev.clips)
    print(f"best: {100 * trainer.best:.2f} % {how} {heard}, epoch {trainer.best_epoch}")


def _evaluate(options: argparse.Namespace) -> None:
    from edged_train import clips, compare, evaluation, streaming

    if options.json:
        writing.check(options.json)
    trained, outcomes, fitted, split = _outcomes(options)
    print(f"{split}\n")
    print(evaluation.report(outcomes, fitted))
    figures = evaluation.summary(outcomes, fitted)
    if options.streaming:
        dev = clips.load_dev(trained.recipe, options.prepared, 0, trained.centre.numpy())
        streamed = streaming.stream(trained, dev, options.orders or trained.recipe.evaluation.orders, fitted.known)
        print(f"\n{streamed.table()}")
        figures["streaming"] = streamed.summary()
    compare.record(trained, split, figures, options.folder)
    if options.json:
        writing.write(options.json, json.dumps(figures, indent=1).encode())


def _report(options: argparse.Namespace) -> None:
    import torch

    from edged_train import group, report, run

    output = options.output or options.folder / "report.html"
    if options.output:
        writing.check(options.output)
    torch.set_num_threads(options.threads)
    trained = run.load_trained(options.folder)
    if options.device:
        trained.network.to(group.device(options.device))
    report.write(trained, options.folder, options.prepared, options.orders or trained.recipe.evaluation.orders, output)
    print(output)


def _compare(options: argparse.Namespace) -> None:
    from edged_train import compare

    if options.json:
        writing.check(options.json)
    entries = compare.compare(options.folders)
    print(compare.table(entries))
    if options.json:
        text = json.dumps(compare.documents(entries), indent=1, ensure_ascii=False)
        writing.write(options.json, text.encode())


def _average(options: argparse.Namespace) -> None:
    from edged_train.average import average

    average(options.runs, options.output)
    print(f"{options.output}: the mean of {len(options.runs)}")


def _join(options: argparse.Namespace) -> None:
    from edged_train.join import join

    join(options.runs, options.output)
    print(f"{options.output}: {len(options.runs)} side by side")


def _offset(options: argparse.Namespace) -> None:
    import torch

    from edged_train import offsets

    torch.set_num_threads(options.threads)
    text = offsets.offset(
        options.folder, options.held_out, options.prepared, options.output, options.orders, options.set
    )
    print(text)
    print(f"{options.output}: {options.folder} with offsets, and what a talker's bias is measured against")


def _export(options: argparse.Namespace) -> None:
    from edged_train import evaluation, export

    writing.check(options.output)
    trained, outcomes, fitted, split = _outcomes(options, options.set)
    size = export.export(trained, fitted, evaluation.summary(outcomes, fitted), options.output, split)
    print(evaluation.report(outcomes, fitted))
    print(f"\n{options.output}: {size} bytes")


def _degrade(options: argparse.Namespace) -> None:
    from edged_train import degrade, noise

    recordings = noise.recordings(options.noise) if options.noise else ()
    if not (recordings or options.telephone or options.room > 0):
        raise Problem("degrade: say --telephone, --noise FOLDER or --room SECONDS, or several of them")
    degradation = degrade.Degradation(
        options.telephone, recordings, options.snr, options.seed, options.room, options.channel
    )
    print(degrade.degrade(degradation, options.list, options.output))


def _outcomes(
    options: argparse.Namespace, overrides: Sequence[str] = ()
) -> tuple[Trained, list[Outcome], Temperatures, str]:
    import torch

    from edged_train import corpus, evaluation, group, run, splits

    torch.set_num_threads(options.threads)
    trained = run.load_trained(options.folder, overrides=overrides)
    if options.device:
        trained.network.to(group.device(options.device))
    orders = options.orders or trained.recipe.evaluation.orders
    outcomes = evaluation.evaluate(trained, options.prepared, orders)
    split = splits.describe(trained.recipe.data, corpus.read(options.prepared / "clips.tsv"))
    return trained, outcomes, evaluation.temperatures(trained.recipe, outcomes), split
