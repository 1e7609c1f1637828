"""Worker processes that end with their parent, and leave the handling of interrupts to it."""

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
"""Sets the signal that a process gets when its parent dies (prctl(2))."""


@contextmanager
def workers(count: int) -> Iterator[ProcessPoolExecutor]:
    """A pool of `count` processes; work that has not started is cancelled at the end."""
    # A fork server would be the workers' parent and outlive this process.
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
    # The parent may have died before the signal was requested.
    if os.getppid() != parent:
        os._exit(1)
