"""Speaker and emotion from the file names of published corpora."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from edged_train.problem import Problem


@dataclass(frozen=True)
class Named:
    """What a file name says about a clip."""

    speaker: str
    emotion: str
    gender: str = ""
    """`male`, `female`, or empty if the name does not tell."""


@dataclass(frozen=True)
class Naming:
    """How the clips of one corpus are named."""

    example: str
    parse: Callable[[Path], Named | None]
    """None for a file that is not a clip of this corpus."""


def crema_d(path: Path) -> Named | None:
    """Actor, sentence, emotion, level: `1001_DFA_ANG_XX`. The name does not tell the gender (`crema_d_genders`)."""
    match = re.fullmatch(r"(\d{4})_[A-Z]{3}_([A-Z]{3})_(?:XX?|LO|MD|HI)", path.stem)
    emotions = {"ANG": "angry", "DIS": "disgust", "FEA": "fear", "HAP": "happy", "NEU": "neutral", "SAD": "sad"}
    if not match or match[2] not in emotions:
        return None
    return Named(match[1], emotions[match[2]])


def ravdess(path: Path) -> Named | None:
    """Modality, channel, emotion, intensity, statement, repetition, actor; sung clips are left out.

    Odd-numbered actors are men.
    """
    emotions = ("neutral", "calm", "happy", "sad", "angry", "fear", "disgust", "surprise")
    match = re.fullmatch(r"03-01-0([1-8])-\d\d-\d\d-\d\d-(\d\d)", path.stem)
    if not match:
        return None
    return Named(f"Actor_{match[2]}", emotions[int(match[1]) - 1], "male" if int(match[2]) % 2 else "female")


def tess(path: Path) -> Named | None:
    """Speaker, word, emotion: `OAF_back_angry`; `ps` is pleasant surprise. OAF is misspelt OA once."""
    match = re.fullmatch(r"(OAF?|YAF)_\w+?_(angry|disgust|fear|happy|neutral|ps|sad)", path.stem, re.IGNORECASE)
    if not match:
        return None
    emotion = match[2].lower()
    speaker = "YAF" if match[1].upper() == "YAF" else "OAF"
    return Named(speaker, "surprise" if emotion == "ps" else emotion, "female")


def savee(path: Path) -> Named | None:
    """Emotion and number, `sa03`, in a folder named after the speaker, or with the speaker as prefix, `DC_sa03`; all are men."""
    emotions = {"a": "angry", "d": "disgust", "f": "fear", "h": "happy", "n": "neutral", "sa": "sad", "su": "surprise"}
    match = re.fullmatch(r"(?:([A-Z]{2})_)?(sa|su|[adfhn])(\d\d)", path.stem)
    speaker = (match[1] or path.parent.name) if match else ""
    if not match or speaker not in ("DC", "JE", "JK", "KL"):
        return None
    return Named(speaker, emotions[match[2]], "male")


def emo_db(path: Path) -> Named | None:
    """Speaker, text, German initial of the emotion, version: `03a01Fa` is Freude."""
    emotions = {"W": "angry", "L": "boredom", "E": "disgust", "A": "fear", "F": "happy", "T": "sad", "N": "neutral"}
    match = re.fullmatch(r"(03|08|09|1[0-6])[ab]\d\d([WLEAFTN])[a-f]", path.stem)
    if not match:
        return None
    return Named(match[1], emotions[match[2]], "male" if match[1] in ("03", "10", "11", "12", "15") else "female")


NAMINGS = {
    "crema_d": Naming("1001_DFA_ANG_XX.wav", crema_d),
    "ravdess": Naming("03-01-06-01-02-01-12.wav", ravdess),
    "tess": Naming("OAF_back_angry.wav", tess),
    "savee": Naming("DC_a01.wav or DC/a01.wav", savee),
    "emo_db": Naming("03a01Fa.wav", emo_db),
}
"""The corpora whose file names are understood."""


def crema_d_genders(folder: Path) -> dict[str, str]:
    """Actor to gender from CREMA-D's `VideoDemographics.csv`; empty without that file."""
    path = folder / "VideoDemographics.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if not {"ActorID", "Sex"} <= set(rows.fieldnames or ()):
            raise Problem(f"{path}: the header lacks ActorID or Sex")
        return {row["ActorID"]: row["Sex"].strip().lower() for row in rows}
