"""One writer a folder."""

from pathlib import Path
from subprocess import PIPE, Popen
from sys import executable

import pytest

from edged_train.alone import alone
from edged_train.problem import Problem

HOLD = "import sys\nfrom pathlib import Path\nfrom edged_train.alone import alone\nwith alone(Path(sys.argv[1])):\n    print('held', flush=True)\n    sys.stdin.read()\n"


def test_second_process_is_refused_until_the_first_ends(tmp_path: Path):
    folder = tmp_path / "new" / "run"
    with Popen([executable, "-c", HOLD, str(folder)], stdin=PIPE, stdout=PIPE, text=True) as first:
        assert first.stdout is not None and first.stdout.readline() == "held\n"
        with pytest.raises(Problem, match=f"another process writes into {folder}"), alone(folder):
            pass
        first.kill()
    # What was killed holds nothing, though its lock file is there.
    with alone(folder):
        assert list(folder.iterdir()) == [folder / ".lock"]
