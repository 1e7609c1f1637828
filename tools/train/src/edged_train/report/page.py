"""The page: a single self-contained file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import escape
from importlib import resources
from pathlib import Path

from edged_train import __version__, clips, compare, corpus, evaluation, origin, recipe, splits, streaming, writing
from edged_train.report import figures, listening
from edged_train.report.findings import Findings
from edged_train.run import Trained


def write(trained: Trained, folder: Path, prepared: Path, orders: int, output: Path) -> Findings:
    """Judges the dev clips under all conditions and writes the page; returns the findings, and stores the figures for `compare`.

    Raises `Problem` if `prepared` does not match the recipe or the page cannot be written.
    """
    outcomes = evaluation.evaluate(trained, prepared, orders)
    dev = clips.load_dev(trained.recipe, prepared, 0, trained.centre.numpy())
    fitted = evaluation.temperatures(trained.recipe, outcomes)
    findings = Findings(
        trained,
        dev,
        splits.describe(trained.recipe.data, corpus.read(prepared / "clips.tsv")),
        outcomes,
        fitted,
        streaming.stream(trained, dev, orders, fitted.known),
        _log(folder),
    )
    figures_found = evaluation.summary(outcomes, findings.temperatures) | {"streaming": findings.streaming.summary()}
    compare.record(trained, findings.split, figures_found, folder)
    writing.write(output, page(findings).encode())
    return findings


def page(findings: Findings) -> str:
    """The whole document."""
    settings = findings.trained.recipe
    style = resources.files("edged_train.report").joinpath("report.css").read_text(encoding="utf-8")
    sections = [
        figures.tiles(findings),
        figures.conditions(findings),
        figures.confusions(findings),
        figures.classes(findings),
        figures.talkers(findings),
        figures.sureness(findings),
        figures.progress(findings),
        figures.training(findings),
        listening.pictures(findings),
        listening.mistakes(findings),
    ]
    document = json.dumps(recipe.to_document(settings), indent=1, ensure_ascii=False)
    sources = [". ".join(part for part in (settings.data.title, settings.data.licence) if part)]
    for name, of in origin.foreign(findings.trained.began_with, settings).items():
        sources.append(f"Began with, or was taught by, {name}: " + ". ".join(part for part in of.terms if part))
    made = f"edged-train {__version__}, {datetime.now(UTC).date().isoformat()}"
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(settings.name)}</title>
<style>
{style}</style>
</head>
<body>
<main>
<h1>{escape(settings.name)}</h1>
<p class="quiet">{escape(findings.split[0].upper() + findings.split[1:])}</p>
{"".join(sections)}
<details><summary>Recipe, with every default</summary><pre>{escape(document)}</pre></details>
<footer>{"<br>".join(map(escape, sources))}<br>Epoch {findings.trained.epoch}; {escape(made)}. All figures are of the float model on the dev clips; the best epoch was
chosen on them, so take a point off for speakers never heard.</footer>
</main>
</body>
</html>
"""


def _log(folder: Path) -> list[dict[str, float]]:
    path = folder / "log.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
