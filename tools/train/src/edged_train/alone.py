"""One process at a time that writes into a folder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from edged_train.problem import Problem

LOCK = ".lock"
"""The file that the process which writes into a folder holds locked, and that says its number. It stays: what counts is the lock, which ends
with the process."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Holds `folder`, made where it is not there; raises `Problem` while another process does, or where it cannot be. Not twice in one process.

    A folder that was made here and in which nothing was written is taken away again.
    """
    is_new = not folder.exists()
    lock = folder / LOCK
    try:
        if is_new:
            folder.mkdir(parents=True, exist_ok=True)
        file = lock.open("a+")
    except OSError as error:
        raise Problem(f"cannot write into {folder}: {error.strerror}; name another folder") from error
    with file:
        try:
            # Unlike flock's, this lock is not inherited: workers that outlive a killed process do not hold it.
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            file.seek(0)
            raise Problem(
                f"another process ({file.read()}) writes into {folder}; wait for it, or name another folder"
            ) from None
        except OSError as error:
            raise Problem(f"cannot lock {lock}: {error.strerror}") from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield
        finally:
            if is_new and list(folder.iterdir()) == [lock]:
                lock.unlink()
                folder.rmdir()
