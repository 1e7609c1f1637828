"""The contest: everything that is compared, measured in turns, as rows of one table."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edged_bench import front_ends, model, networks, sound
from edged_bench.contest import Times, hold, repeated
from edged_bench.engine import Engine

#: Updates in a second of the use that people have: a decision every 100 ms.
_UPDATES = 10
_OURS = "edged"


@dataclass(frozen=True)
class Row:
    """One contestant's time for one piece of work, and how it compares with ours."""

    name: str
    times: Times
    ours: Times
    note: str

    @property
    def ratio(self) -> float:
        """How many times our time it takes."""
        return self.times.over(self.ours)


@dataclass(frozen=True)
class Section:
    """All contestants for one piece of work; ours is the first."""

    title: str
    rows: list[Row]


@dataclass(frozen=True)
class Comparison:
    """What was measured, and where."""

    processor: str
    kernels: str
    peak: float
    sections: list[Section]


def compare(engine: Engine, float_model: Path, recording: Path, rounds: int) -> Comparison:
    """Measures everything, in `rounds` rounds."""
    samples = sound.read(recording)
    clip = samples[: 30 * sound.RATE]
    seconds = len(clip) / sound.RATE
    network = model.read(float_model)
    codes = networks.windows(engine, network, samples)
    forms = networks.forms(network, codes)
    ours = networks.our_agreement(engine, network, codes)
    last: dict[str, Any] = {}

    def edged() -> dict[str, float]:
        last.update(engine.bench(recording))
        return {f"{_OURS} {key}": last[key]["median_us"] for key in _KEYS}

    contestants: dict[str, Callable[[], dict[str, float]]] = {
        _OURS: edged,
        _FRONT_END: lambda: {_FRONT_END: engine.cepstrum(clip)},
    }
    for peer in front_ends.ALL:
        contestants[peer.name] = _named(peer.name, peer.prepare(clip, front_ends.STANDARD), seconds)
        if peer.is_complete:
            name = _of_model(peer)
            contestants[name] = _named(name, peer.prepare(clip, network.bands), seconds)
    for form in forms:
        contestants[form.name] = _named(form.name, form.run, 1)
    times = hold(contestants, rounds)
    return Comparison(
        processor=last.get("processor", platform.processor()),
        kernels=last["kernels"],
        peak=last.get("peak_mac_per_s", 0.0),
        sections=_sections(times, network.bands.count, forms, ours),
    )


#: What is read of our own benchmark.
_KEYS = ("window", "update", "updated_speech")
_FRONT_END = f"{_OURS} front end"


def _of_model(peer: front_ends.FrontEnd) -> str:
    return f"{peer.name} with the model's bands"


def _named(name: str, run: Callable[[], object], per_run: float) -> Callable[[], dict[str, float]]:
    contestant = repeated(run, per_run=per_run)
    return lambda: {name: contestant()}


def _sections(
    times: dict[str, Times], bands: int, forms: list[networks.Form], agreement: networks.Agreement
) -> list[Section]:
    features = times[_FRONT_END]
    front = [Row(_OURS, features, features, "integers; standardized to int8 as well")]
    front += [Row(peer.name, times[peer.name], features, peer.difference) for peer in front_ends.ALL]

    window, update = times[f"{_OURS} window"], times[f"{_OURS} update"]
    windows = [Row(f"{_OURS} int8", window, window, _words(agreement))]
    updates = [Row(f"{_OURS} int8", update, update, "the stream goes on: ten frames and a decision")]
    for form in forms:
        windows.append(Row(form.name, times[form.name], window, _words(form.agreement)))
        updates.append(Row(form.name, times[form.name], update, "the whole window again"))

    pipeline = times[f"{_OURS} updated_speech"]
    mel = min((peer for peer in front_ends.ALL if peer.is_complete), key=lambda peer: times[_of_model(peer)].median)
    pipelines = [
        Row(_OURS, pipeline, pipeline, "all of the model's features, speech detection, talker's baseline, events")
    ]
    for form in forms:
        whole = times[_of_model(mel)] + times[form.name] * _UPDATES
        pipelines.append(Row(f"{mel.name} + {form.name}", whole, pipeline, f"MFCC of {bands} bands and network alone"))
    return [
        Section(f"{front_ends.STANDARD.count} MFCC of as many mel bands, a second of audio", front),
        Section("network, a window of 2.8 s", windows),
        Section("network, an update after 100 ms more", updates),
        Section("features and network, a second of speech with ten updates", pipelines),
    ]


def _words(agreement: networks.Agreement) -> str:
    return f"logits {agreement.decibels:.1f} dB, {agreement.labels:.0%} of labels as in double precision"
