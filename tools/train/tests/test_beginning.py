"""What ships can be gone on from."""

from __future__ import annotations

from pathlib import Path

import pytest

from edged_train import beginning, graph, recipe
from edged_train.network import GraphNetwork
from edged_train.problem import Problem

ROOT = Path(__file__).parents[3]
MODEL = ROOT / "models" / "model.bin"


@pytest.mark.skipif(not MODEL.exists(), reason="the model is not there")
@pytest.mark.parametrize(
    ("name", "overrides"),
    [("crema_d", ["network.trunks=2"]), ("own_calls", []), ("eight_emotions", ["network.trunks=2"])],
)
def test_committed_recipes_go_on_from_the_model_that_ships(name: str, overrides: list[str]):
    settings = recipe.load(ROOT / "tools" / "train" / "recipes" / f"{name}.toml", overrides)
    nodes = graph.build(settings.network, settings.front_end.columns, len(settings.classes))
    begun = beginning.load(MODEL, settings, GraphNetwork(nodes))
    assert begun.left_out[0] == "the talker's bias; `offset` measures it anew, of runs that hold talkers out"
    assert len(begun.mean) == settings.front_end.columns


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "there is no .*nothing.bin: name the folder of a run, or a model.bin"),
        (b"\x89EDGE\r\n\x1a\n", "is the device's int8 file, from which training cannot go on"),
        (b"no model", "is neither the folder of a run nor a model.bin"),
    ],
)
def test_what_cannot_be_gone_on_from_is_named(tmp_path: Path, content: bytes | None, complaint: str):
    path = tmp_path / "nothing.bin"
    if content is not None:
        path.write_bytes(content)
    settings = recipe.load(ROOT / "tools" / "train" / "recipes" / "own_calls.toml")
    nodes = graph.build(settings.network, settings.front_end.columns, len(settings.classes))
    with pytest.raises(Problem, match=complaint):
        beginning.load(path, settings, GraphNetwork(nodes))
