"""Writes files whole or not at all, and says in one sentence what could not be written, and why."""

from __future__ import annotations

import errno
import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from edged_train.problem import Problem

_REMEDIES = {
    errno.ENOSPC: "make room and try again",
    errno.EDQUOT: "make room and try again",
    errno.EACCES: "choose a folder that you may write to",
    errno.EPERM: "choose a folder that you may write to",
    errno.EROFS: "choose a folder that you may write to",
    errno.EISDIR: "name a file in it",
    errno.ENOENT: "make the folder first",
}
"""What to do about an error of the system; `edgectl` says the same."""


def check(path: Path) -> None:
    """Raises `Problem` for a file that `write` could not write, so that a bad name fails before the work."""
    if path.is_dir():
        raise _refused(path, errno.EISDIR)
    place = path if _is_special(path) else path.parent
    if not place.exists():
        raise _refused(path, errno.ENOENT)
    if not os.access(place, os.W_OK):
        raise _refused(path, errno.EACCES)
    if place != path and not place.is_dir():
        raise _refused(path, errno.ENOTDIR)


def write(path: Path, content: bytes) -> None:
    """Replaces a file atomically: after a crash, or to a reader, it is the old one or the new one.

    A device or a pipe is written to as it is. Raises `Problem` if that fails; a file that was there is then as it was.
    """
    if _is_special(path):
        with attempt(path):
            path.write_bytes(content)
        return
    partial = path.with_name(path.name + ".partial")
    with attempt(path):
        try:
            with partial.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise


@contextmanager
def new_folder(path: Path) -> Iterator[None]:
    """Makes a folder, and removes it again if what is to lie in it cannot be written."""
    path.mkdir(parents=True)
    try:
        yield
    except BaseException:
        shutil.rmtree(path, ignore_errors=True)
        raise


def made(make: Callable[[BinaryIO], object]) -> bytes:
    """What `make` writes into a file.

    Libraries hide why a file could not be written: NumPy, PyTorch and libsndfile do not say that a disk is full. So they
    write into memory, and we write the file.
    """
    file = io.BytesIO()
    make(file)
    return file.getvalue()


@contextmanager
def attempt(path: Path) -> Iterator[None]:
    """Turns an error of the system into the sentence that `path` could not be written."""
    try:
        yield
    except OSError as error:
        raise _refused(path, error.errno or 0) from error


def _is_special(path: Path) -> bool:
    """Whether a path leads to a device, a pipe or a socket, which must not be replaced by a file of its name."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _refused(path: Path, code: int) -> Problem:
    remedy = _REMEDIES.get(code, "try again, or choose another place")
    return Problem(f"cannot write {path}: {os.strerror(code)}: {remedy}")
