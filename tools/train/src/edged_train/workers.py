"""Worker processes that end with the one that they work for, and leave it to that to be interrupted."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

PR_SET_PDEATHSIG = 1
"""Which signal a process gets when its parent dies (prctl(2))."""


@contextmanager
def workers(count: int) -> Iterator[ProcessPoolExecutor]:
    """A pool whose work that has not begun is dropped at the end."""
    # A fork server would be their parent, and outlive this process.
    forking = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(count, forking, _begin, (os.getpid(),))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    # It may have gone before it was asked for.
    if os.getppid() != parent:
        os._exit(1)
