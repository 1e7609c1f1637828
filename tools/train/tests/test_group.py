"""Two processes teach a network what one would have taught it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import torch

from conftest import small_recipe
from edged_train import recipe, run
from edged_train.group import Group
from edged_train.trainer import Trainer

CPU = torch.device("cpu")

TRAIN = """
import json, sys
from pathlib import Path
import torch
from edged_train import group, recipe
from edged_train.trainer import Trainer
torch.set_num_threads(1)
settings, prepared, folder = sys.argv[1:]
together = group.join(torch.device("cpu"))
document = json.loads(Path(settings).read_text())
trainer = Trainer(recipe.from_document(document, "test"), Path(prepared), Path(folder), torch.device("cpu"), None, together)
trainer.train()
print(f"process {together.rank} of {together.size}: best {trainer.best:.6f} in epoch {trainer.best_epoch}")
group.leave()
"""

NOTHING_DRAWN: dict[str, Any] = {
    "augmentation": {
        "clean_share": 1.0,
        "tempo": 0.0,
        "gain_db": 0.0,
        "session_gain_db": 0.0,
        "time_masks": 0,
        "frequency_masks": 0,
        "mixup": 0.0,
    },
    "segmentation": {"jitter": [1.0, 1.0], "whole_share": 0.0, "cold_share": 1.0},
}
"""Training in which nothing depends on chance but the order of examples."""

PLAIN = {
    "kind": "layers",
    "layers": [{"op": "conv1d", "output": 8, "kernel": 3}, {"op": "relu"}, {"op": "mean_pool"}],
}
"""A network without BatchNorm, whose statistics are of a process's share, and without dropout."""


def train_together(tmp_path: Path, settings: recipe.Recipe, prepared: Path, folder: Path) -> list[str]:
    (tmp_path / "train.py").write_text(TRAIN)
    (tmp_path / "settings.json").write_text(json.dumps(recipe.to_document(settings)))
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    command += [str(tmp_path / name) for name in ("train.py", "settings.json")] + [str(prepared), str(folder)]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return sorted(line for line in done.stdout.splitlines() if line.startswith("process"))


def test_two_processes_end_with_the_weights_of_one(prepared: Path, tmp_path: Path):
    # 13 in a batch: one process gets seven of them, the other six.
    settings = small_recipe(network=PLAIN, training={"epochs": 3, "batch": 13}, **NOTHING_DRAWN)
    Trainer(settings, prepared, tmp_path / "alone", CPU).train()
    said = train_together(tmp_path, settings, prepared, tmp_path / "together")
    assert len(said) == 2 and said[0].split(":")[1] == said[1].split(":")[1]
    one, two = (run.load(tmp_path / name / run.LAST) for name in ("alone", "together"))
    untrained = Trainer(settings, prepared, tmp_path / "untrained", CPU).network.state_dict()
    for name, value in one["network"].items():
        torch.testing.assert_close(two["network"][name], value, atol=2e-5, rtol=1e-3)
        assert (value - untrained[name]).abs().max() > 1e-3
    logs = [(tmp_path / name / "log.jsonl").read_text().splitlines() for name in ("alone", "together")]
    assert len(logs[0]) == len(logs[1]) == 3
    for alone, together in zip(*logs, strict=True):
        assert abs(json.loads(alone)["loss"] - json.loads(together)["loss"]) < 1e-3


def test_shares_of_a_batch_are_all_of_it():
    items = list(range(7))
    shares = [list(Group(rank, 3).share(items)) for rank in range(3)]
    assert sorted(item for share in shares for item in share) == items
    assert max(map(len, shares)) - min(map(len, shares)) == 1


def test_who_stands_together_stays_together():
    items = list(range(14))
    shares = [Group(rank, 2).share(items, 3) for rank in range(2)]
    assert shares == [[0, 1, 2, 6, 7, 8, 12, 13], [3, 4, 5, 9, 10, 11]]
