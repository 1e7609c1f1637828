"""Lists of labelled clips.

Clips are listed by an `INDEX.tsv`, by the file names of a published corpus (`naming`), by one folder per label, or
by a TSV manifest with the columns `path`, `label` and, optionally, `speaker`, `split` and `gender`. A recipe may join
several corpora. The talker's baseline and a speaker-disjoint split need speakers; a clip without one counts as a
talker of its own.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path

from edged_train import naming, sound, splits, stray, text, writing
from edged_train.clip import Clip
from edged_train.problem import Problem
from edged_train.recipe import Recipe


@dataclass(frozen=True)
class Entry:
    """A clip as its corpus describes it, before the recipe renames labels."""

    path: Path
    emotion: str
    speaker: str
    split: str = ""
    gender: str = ""


def list_clips(recipe: Recipe, places: Path | Mapping[str, Path]) -> list[Clip]:
    """The recipe's clips in a stable order, each with its part of the split or its fold.

    `places` is the folder (or manifest) of all corpora, or one for each name. Raises `Problem` if there are no clips,
    a label is not among the recipe's classes, a class has no clip, or a part of the split is empty.
    """
    clips = []
    for name in recipe.data.corpus:
        place = places if isinstance(places, Path) else places.get(name)
        if place is None:
            raise Problem(f"where is {name}? Give --corpus {name}=FOLDER")
        found = [_clip(recipe, name, entry) for entry in _entries(recipe, name, place)]
        clips += [clip for clip in found if clip.name not in recipe.data.skip and clip.label not in recipe.data.drop]
    if not clips:
        where = places if isinstance(places, Path) else ", ".join(map(str, places.values()))
        raise Problem(f"{where}: there are no clips, or data.drop and data.skip leave none; list some")
    for clip in clips:
        _check_name(clip.path, clip.path)
        _check_name(clip.speaker, clip.path)
        if clip.label not in recipe.classes:
            raise Problem(
                f"{clip.path}: the label {clip.label!r} is not among the recipe's classes; "
                "name it there, in data.rename or in data.drop"
            )
    absent = set(recipe.classes) - {clip.label for clip in clips}
    if absent:
        names = " or ".join(name for name in recipe.classes if name in absent)
        others = f" (folders that are no class: {told})" if (told := stray.told(stray.folders(recipe, places))) else ""
        raise Problem(f"no clip is {names}{others}: list some, or take what has no clips out of the recipe's classes")
    clips = splits.divide(recipe.data, recipe.seed, sorted(clips, key=lambda clip: clip.path))
    splits.parts(recipe.data, clips)
    return clips


def places(recipe: Recipe, arguments: Sequence[str]) -> Path | dict[str, Path]:
    """Where the corpora are: one `PATH` for all, or a `NAME=PATH` for each.

    Raises `Problem` if the two are mixed, or for a name that is not in the recipe.
    """
    named = {}
    for argument in arguments:
        name, equals, path = argument.partition("=")
        if equals and name in recipe.data.corpus:
            named[name] = Path(path)
        elif len(arguments) == 1:
            return Path(argument)
        else:
            raise Problem(f"--corpus {argument}: write NAME=PATH with one of {', '.join(recipe.data.corpus)}")
    return named


def write(clips: Iterable[Clip], path: Path) -> None:
    """Writes clips as TSV with a header, names unquoted: `edgectl` would read quotation marks as part of the name."""
    file = io.StringIO(newline="")
    names = [item.name for item in fields(Clip)]
    writer = csv.DictWriter(file, names, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
    writer.writeheader()
    writer.writerows(asdict(clip) for clip in clips)
    writing.write(path, file.getvalue().encode())


def read(path: Path) -> list[Clip]:
    """Reads what `write` wrote. Raises `Problem` if it is missing or incomplete."""
    needed = [item.name for item in fields(Clip) if item.default is MISSING]
    rows = _rows(path, needed, is_quoted=False)
    for line, row in rows:
        _check_filled(path, line, row, needed)
    return [Clip(**{item.name: row[item.name] for item in fields(Clip) if item.name in row}) for _, row in rows]


def _clip(recipe: Recipe, corpus: str, entry: Entry) -> Clip:
    label = recipe.data.rename.get(entry.emotion, entry.emotion)
    if recipe.data.gendered and label not in recipe.data.drop:
        if entry.gender not in ("male", "female"):
            raise Problem(f"{entry.path}: nothing tells the speaker's gender, which data.gendered asks for")
        label = f"{label}_{entry.gender}"
    return Clip(entry.path.stem, str(entry.path.absolute()), label, entry.speaker, entry.split, corpus)


def _entries(recipe: Recipe, name: str, place: Path) -> list[Entry]:
    if name == "manifest":
        return _manifest(place)
    if name == "folder":
        return _folder(recipe, place)
    if name not in naming.NAMINGS:
        known = ", ".join([*naming.NAMINGS, "folder", "manifest"])
        raise Problem(f"data.corpus must be of {known}, not {name!r}")
    if (place / "INDEX.tsv").exists():
        return _index(name, place)
    return _by_name(name, place)


def _rows(path: Path, needed: Iterable[str], *, is_quoted: bool = True) -> list[tuple[int, dict[str, str]]]:
    """The rows below a TSV's header with their line numbers; missing fields at a row's end are blank.

    Spreadsheets quote fields where needed; what `write` wrote is never quoted.
    """
    lines = io.StringIO(text.read(path), newline="")
    reader = csv.DictReader(
        lines, delimiter="\t", restval="", quoting=csv.QUOTE_MINIMAL if is_quoted else csv.QUOTE_NONE
    )
    try:
        missing = set(needed) - set(reader.fieldnames or ())
        if missing:
            raise Problem(
                f"{path}:1: no column is called {' or '.join(sorted(missing))}: let the first line name the columns, separated by tabs"
            )
        return [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise Problem(f"{path}:{reader.line_num}: this is no row of a list: {error}") from error


def _check_filled(path: Path, line: int, row: Mapping[str, str], columns: Iterable[str]) -> None:
    for column in columns:
        if not row[column]:
            raise Problem(f"{path}:{line}: the column {column} is blank: fill it in, or leave the line out")


def _check_new(listed: Path, line: int, path: Path, lines: dict[str, int]) -> None:
    """Raises `Problem` for a file that a list names a second time, perhaps by another path; `lines` are those of the files so far.

    It could be trained on under two labels, or be held out and trained on all the same.
    """
    first = lines.setdefault(os.path.realpath(path), line)
    if first != line:
        raise Problem(
            f"{listed}:{line}: {path} is the file of line {first}, too: list it once, with the label that is right"
        )


def _check_name(name: str, path: str) -> None:
    """Raises `Problem` for a name that is not UTF-8 or contains a line break, tab or NUL, which a list or a path cannot hold."""
    try:
        name.encode()
    except UnicodeEncodeError:
        named = name.encode(errors="surrogateescape").decode(errors="replace")
        raise Problem(
            f"{named}: this name is not UTF-8: rename the file or its folder, for example with convmv"
        ) from None
    # With a full stop, because splitlines ignores a trailing line break.
    if "\t" in name or "\0" in name or len(f"{name}.".splitlines()) > 1:
        raise Problem(
            f"{path!r}: the name {name!r} holds a tab, a NUL or a line's end, which no list can: give it another"
        )


def _index(name: str, place: Path) -> list[Entry]:
    path = place / "INDEX.tsv"
    entries = []
    lines: dict[str, int] = {}
    for line, row in _rows(path, ("dataset", "path", "speaker", "emotion", "split")):
        if row["dataset"] == name:
            _check_filled(path, line, row, ("path", "emotion", "speaker"))
            _check_new(path, line, place / row["path"], lines)
            entries.append(
                Entry(place / row["path"], row["emotion"], row["speaker"], row["split"], row.get("gender", ""))
            )
    if not entries:
        raise Problem(f"{path} lists no clips of {name}")
    return entries


def _by_name(name: str, place: Path) -> list[Entry]:
    known = naming.NAMINGS[name]
    genders = naming.crema_d_genders(place) if name == "crema_d" else {}
    entries = []
    for path in sound.files(place):
        named = known.parse(path)
        if named:
            gender = named.gender or genders.get(named.speaker, "")
            entries.append(Entry(path, named.emotion, named.speaker, gender=gender))
    if not entries:
        raise Problem(f"{place}: no INDEX.tsv, and no files of {name}, which are named like {known.example}")
    return entries


def _manifest(place: Path) -> list[Entry]:
    entries = []
    lines: dict[str, int] = {}
    if place.is_dir():
        raise Problem(
            f'{place} is a folder: give the list itself, or set data.corpus = "folder" for a folder of each label'
        )
    for line, row in _rows(place, ("path", "label")):
        _check_filled(place, line, row, ("path", "label"))
        path = place.parent / row["path"]
        if not path.is_file():
            raise Problem(f"{place}:{line}: there is no file {path}")
        _check_new(place, line, path, lines)
        speaker = row.get("speaker") or str(path)
        entries.append(Entry(path, row["label"], speaker, row.get("split", ""), row.get("gender", "")))
    return entries


def _folder(recipe: Recipe, place: Path) -> list[Entry]:
    entries = []
    pattern = re.compile(recipe.data.speaker_pattern) if recipe.data.speaker_pattern else None
    for label in stray.labels(recipe):
        for path in sound.files(place / label):
            match = pattern.search(path.stem) if pattern else None
            speaker = match.group(1) if match else str(path)
            if pattern and (not match or not speaker):
                raise Problem(
                    f"{path}: data.speaker_pattern {pattern.pattern!r} finds no speaker in {path.stem!r}, the file's name without its extension"
                )
            entries.append(Entry(path, label, speaker))
    if not entries:
        others = f"; there are {told}" if (told := stray.told(stray.folders(recipe, place))) else ""
        raise Problem(f"{place}: no clips in folders named {', '.join(recipe.classes)}{others}")
    return entries
