"""Reads text that users or earlier commands wrote: UTF-8, with or without a byte-order mark."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from edged_train.problem import Problem


def read(path: Path) -> str:
    """The text of a file without its byte-order mark. Raises `Problem` if it cannot be read or is not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Problem(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise Problem(f"{path} is not text in UTF-8: save it as such") from error


def json_object(path: Path) -> dict[str, Any]:
    """The object in a JSON file. Raises `OSError` if it cannot be read, `ValueError` if it holds none."""
    found = json.loads(path.read_bytes())
    if isinstance(found, dict):
        return found
    raise ValueError(f"{path} holds no object")
