"""One process at a time that writes into a folder."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from edged_train.problem import Problem

LOCK = ".lock"
"""The file that the process which writes into a folder holds locked. It stays: what counts is the lock, which ends with the process."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Holds `folder`, made where it is not there; raises `Problem` while another process does."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Problem(f"another process writes into {folder}; wait for it, or name another folder") from None
        yield
