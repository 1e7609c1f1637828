"""What ships can be gone on from."""

from __future__ import annotations

from pathlib import Path

import pytest

from edged_train import beginning, graph, recipe
from edged_train.network import GraphNetwork

ROOT = Path(__file__).parents[3]
MODEL = ROOT / "models" / "model.bin"


@pytest.mark.skipif(not MODEL.exists(), reason="the model is not there")
@pytest.mark.parametrize("name", ["crema_d", "own_calls"])
def test_committed_recipes_go_on_from_the_model_that_ships(name: str):
    settings = recipe.load(ROOT / "tools" / "train" / "recipes" / f"{name}.toml")
    nodes = graph.build(settings.network, settings.front_end.columns, len(settings.classes))
    begun = beginning.load(MODEL, settings, GraphNetwork(nodes))
    assert begun.left_out[0] == "the talker's bias; `offset` measures it anew, of runs that hold talkers out"
    assert len(begun.mean) == settings.front_end.columns
