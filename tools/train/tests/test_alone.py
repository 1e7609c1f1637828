"""One writer a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL
from subprocess import PIPE, Popen
from sys import executable
from time import sleep

import pytest

from edged_train.alone import alone
from edged_train.problem import Problem

HOLD = """
import os
import sys
from pathlib import Path
from edged_train.alone import alone
from edged_train.workers import workers
if __name__ == "__main__":
    with alone(Path(sys.argv[1])), workers(1) as pool:
        print("held", pool.submit(os.getpid).result(), flush=True)
        sys.stdin.read()
"""


@dataclass(frozen=True)
class Holder:
    """A process that holds a folder, and one that works for it."""

    process: Popen[str]
    worker: int


@contextmanager
def held(folder: Path) -> Iterator[Holder]:
    """While another process, that has workers, holds a folder."""
    with Popen([executable, "-c", HOLD, str(folder)], stdin=PIPE, stdout=PIPE, text=True) as process:
        assert process.stdout is not None
        held, worker = process.stdout.readline().split()
        assert held == "held"
        yield Holder(process, int(worker))
        process.kill()


def test_second_process_is_refused_until_the_first_ends(tmp_path: Path):
    folder = tmp_path / "new" / "run"
    with held(folder) as first:
        said = rf"another process \({first.process.pid}\) writes into {folder}"
        with pytest.raises(Problem, match=said), alone(folder):
            pass
        first.process.send_signal(SIGKILL)
        first.process.wait()
        with alone(folder):
            assert list(folder.iterdir()) == [folder / ".lock"]
        # Its worker has gone with it, or does at once.
        for _ in range(100):
            if not Path(f"/proc/{first.worker}").exists():
                break
            sleep(0.05)
        assert not Path(f"/proc/{first.worker}").exists()


def test_folder_in_which_nothing_was_written_does_not_stay(tmp_path: Path):
    with pytest.raises(KeyError), alone(tmp_path / "run"):
        raise KeyError
    assert not (tmp_path / "run").exists()
    with alone(tmp_path / "run"):
        (tmp_path / "run" / "log").touch()
    assert (tmp_path / "run" / "log").exists()
    (tmp_path / "mine").mkdir()
    with alone(tmp_path / "mine"):
        pass
    assert (tmp_path / "mine").exists()


def test_where_nothing_can_be_written_is_refused(tmp_path: Path):
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "run", Path("/proc/x")):
        with pytest.raises(Problem, match=rf"cannot write into {folder}: .*; name another folder"), alone(folder):
            pass
