"""Lets only one process at a time write into a folder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from edged_train import writing
from edged_train.problem import Problem

LOCK = ".lock"
"""The lock file, which holds the writing process's id. It is not deleted: only the lock on it counts, and that ends with the process."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Locks `folder`, creating it if needed. Raises `Problem` if another process holds it or it cannot be made. Not reentrant within a process.

    A folder that was created here and stayed empty is removed again.
    """
    is_new = not folder.exists()
    lock = folder / LOCK
    try:
        if is_new:
            folder.mkdir(parents=True, exist_ok=True)
        # Unbuffered, so that a full disk is noticed here and not once more when the file is closed.
        file = lock.open("a+b", buffering=0)
    except OSError as error:
        raise Problem(f"cannot write into {folder}: {error.strerror}; name another folder") from error
    with file:
        try:
            # Unlike flock's, this lock is not inherited: workers that outlive a killed process do not keep it.
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            file.seek(0)
            raise Problem(
                f"another process ({file.read().decode(errors='replace')}) writes into {folder}; wait for it, or name another folder"
            ) from None
        except OSError as error:
            raise Problem(f"cannot lock {lock}: {error.strerror}") from error
        file.truncate(0)
        with writing.attempt(lock):
            file.write(str(os.getpid()).encode())
        try:
            yield
        finally:
            if is_new and list(folder.iterdir()) == [lock]:
                lock.unlink()
                folder.rmdir()
