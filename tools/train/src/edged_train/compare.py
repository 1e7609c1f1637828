"""Compares runs by the figures that their last evaluation left in their folders."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from edged_train import recipe, run, text, writing
from edged_train.problem import Problem
from edged_train.run import Trained

COLUMNS = {
    "session": ("session, live path", "accuracy"),
    "UAR": ("session, live path", "uar"),
    "cold": ("cold, live path", "accuracy"),
    "cold UAR": ("cold, live path", "uar"),
    "whole": ("cold, whole clips", "accuracy"),
    "ECE": ("session, live path", "calibration_error"),
}
"""The table's columns: heading to condition and figure."""


@dataclass(frozen=True)
class Entry:
    """One run, or the mean of several that differ only in seed and held-out part."""

    run: str
    recipe: str
    split: str
    parameters: int
    epoch: int | None
    figures: dict[str, float | None]
    """By column heading; in percent, except for the calibration error."""
    spread: dict[str, float | None] | None = None
    """Standard deviations over the runs of a mean."""
    made: tuple[str, ...] = ()
    """How it was made from trained runs, such as `averaged 3` or `offsets`; without the seeds of those runs."""


def record(trained: Trained, split: str, figures: dict[str, Any], folder: Path) -> None:
    """Stores an evaluation's figures in the run's folder, where `compare` finds them.

    Raises `Problem` if they cannot be written.
    """
    document = {
        "split": split,
        "parameters": sum(parameter.numel() for parameter in trained.network.parameters()),
        "epoch": trained.epoch,
        "made": _made(trained),
        "figures": figures,
    }
    writing.write(folder / run.FIGURES, json.dumps(document, indent=1, ensure_ascii=False).encode())


def _made(trained: Trained) -> list[str]:
    members = {"averaged": len(trained.averaged), "joined": len(trained.joined)}
    made = [f"{what} {count}" for what, count in members.items() if count]
    return [*made, "offsets"] if trained.offsets else made


def compare(folders: Sequence[Path]) -> list[Entry]:
    """The runs in the given order, then the means of those that differ only in seed and held-out part.

    Raises `Problem` for a folder that is not a run, or whose best checkpoint has not been evaluated.
    """
    entries = []
    alike: dict[str, list[Entry]] = {}
    for folder in folders:
        settings = run.read_recipe(folder)
        entries.append(_entry(folder, settings.name))
        same = replace(settings, seed=0, data=replace(settings.data, fold=0, held_out=()))
        kind = json.dumps([recipe.to_document(same), entries[-1].made])
        alike.setdefault(kind, []).append(entries[-1])
    return entries + [_mean(group) for group in alike.values() if len(group) > 1]


def _entry(folder: Path, name: str) -> Entry:
    path, best = folder / run.FIGURES, folder / run.BEST
    try:
        document = text.json_object(path)
        figures = {
            heading: document["figures"].get(condition, {}).get(figure)
            for heading, (condition, figure) in COLUMNS.items()
        }
        split, parameters, epoch = document["split"], document["parameters"], document["epoch"]
        made = tuple(document.get("made", ()))
    except OSError as error:
        raise Problem(
            f"{folder} has not been judged: run edged-train evaluate {folder} --prepared FOLDER first"
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Problem(f"{path} is damaged: run edged-train evaluate {folder} --prepared FOLDER again") from error
    if best.exists() and best.stat().st_mtime > path.stat().st_mtime:
        raise Problem(
            f"{folder} was trained on after it was judged: run edged-train evaluate {folder} --prepared FOLDER again"
        )
    return Entry(str(folder), name, split, parameters, epoch, figures, made=made)


def _mean(group: Sequence[Entry]) -> Entry:
    means: dict[str, float | None] = {}
    spreads: dict[str, float | None] = {}
    for heading in COLUMNS:
        values = [value for entry in group if (value := entry.figures[heading]) is not None]
        means[heading] = round(float(np.mean(values)), 4) if values else None
        spreads[heading] = round(float(np.std(values, ddof=1)), 4) if len(values) > 1 else None
    first = group[0]
    kinds = {_kind(entry.split) for entry in group}
    title = f"mean of {len(group)}"
    return Entry(title, first.recipe, " and ".join(sorted(kinds)), first.parameters, None, means, spreads)


def documents(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """The table as JSON."""
    return [{key: value for key, value in asdict(entry).items() if value is not None} for entry in entries]


def table(entries: Sequence[Entry]) -> str:
    """The table as text; a mean is followed by ± the standard deviation."""
    head = ["run", "recipe", "split", "parameters", "epoch", *COLUMNS]
    rows = [head]
    for entry in entries:
        figures = [_figure(entry, heading) for heading in COLUMNS]
        epoch = "" if entry.epoch is None else str(entry.epoch)
        rows.append([entry.run, entry.recipe, _kind(entry.split), str(entry.parameters), epoch, *figures])
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    words = 3  # columns that are aligned to the left
    lines = []
    for row in rows:
        cells = [
            cell.ljust(width) if column < words else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _kind(split: str) -> str:
    kind = re.split(r"[:;]|, fold|, held out", split)[0]
    return kind.replace("with augmented copies of all dev clips in training", "with copies")


def _figure(entry: Entry, heading: str) -> str:
    value = entry.figures[heading]
    if value is None:
        return "–"
    digits = 3 if heading == "ECE" else 2
    spread = (entry.spread or {}).get(heading)
    return f"{value:.{digits}f}" + ("" if spread is None else f" ± {spread:.{digits}f}")
