import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from edged_bench import model, onnx_network, oracle
from edged_bench.problem import Problem

_RANDOM = np.random.default_rng(1)
_FRONT_END = {"bands": 64, "fmin": 40, "fmax": 7600}


def _tensors() -> dict[str, np.ndarray]:
    shapes = {
        "c.weight": (6, 4, 3),
        "l.wx": (20, 6),
        "l.wh": (20, 5),
        "l.bx": (20,),
        "l.bh": (20,),
        "s.weight": (1, 11),
        "s.bias": (1,),
        "d.weight": (3, 44),
        "d.bias": (3,),
    }
    tensors = {name: _RANDOM.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    for name in ("gamma", "beta", "mean", "variance"):
        tensors[f"n.{name}"] = _RANDOM.uniform(0.5, 2, 6).astype(np.float32)
    return tensors


def _nodes() -> list[dict[str, object]]:
    norm = {name: f"n.{name}" for name in ("gamma", "beta", "mean", "variance")}
    lstm = {"weight_input": "l.wx", "weight_recurrent": "l.wh", "bias_input": "l.bx", "bias_recurrent": "l.bh"}
    return [
        {
            "name": "c",
            "op": "conv1d",
            "inputs": ["features"],
            "weight": "c.weight",
            "kernel": 3,
            "stride": 2,
            "dilation": 2,
        },
        {"name": "n", "op": "batch_norm", "inputs": ["c"], **norm, "epsilon": 1e-5},
        {"name": "r", "op": "relu", "inputs": ["n"]},
        {"name": "a", "op": "add", "inputs": ["r", "r"]},
        {"name": "l", "op": "lstm", "inputs": ["a"], "hidden": 5, **lstm},
        {"name": "j", "op": "concat", "inputs": ["l", "a"]},
        {"name": "s", "op": "dense", "inputs": ["j"], "weight": "s.weight", "bias": "s.bias"},
        {"name": "p", "op": "attention_pool", "inputs": ["j", "s"]},
        {"name": "t", "op": "statistics_pool", "inputs": ["j"]},
        {"name": "m", "op": "global_max_pool", "inputs": ["j"]},
        {"name": "q", "op": "concat", "inputs": ["p", "t", "m"]},
        {"name": "z", "op": "centre", "inputs": ["q"], "mean": "z.mean", "amount": "z.amount", "prior": 2, "segments": 40},
        {"name": "d", "op": "dense", "inputs": ["z"], "weight": "d.weight", "bias": "d.bias"},
        {"name": "o", "op": "softmax", "inputs": ["d"]},
    ]


@pytest.fixture
def network(tmp_path: Path) -> model.Network:
    document = {"classes": ["x", "y", "z"], "front_end": _FRONT_END, "graph": {"nodes": _nodes()}}
    save_file(_tensors(), tmp_path / "model.bin", {"edge": json.dumps(document)})
    return model.read(tmp_path / "model.bin")


def test_what_is_no_layer_of_its_own_is_folded_into_what_is_before_it(network: model.Network) -> None:
    assert [layer.name for layer in network.layers] == ["c", "a", "l", "j", "s", "p", "t", "m", "q", "d"]
    assert network.width == 4
    assert network.layers[0].relu
    assert network.layers[1].inputs == ("c", "c")
    assert network.layers[-1].inputs == ("q",)


def test_folded_convolution_is_the_convolution_normalized(tmp_path: Path) -> None:
    tensors = _tensors()
    document = {"classes": ["x"], "front_end": _FRONT_END, "graph": {"nodes": _nodes()}}
    save_file(tensors, tmp_path / "model.bin", {"edge": json.dumps(document)})
    layer = model.read(tmp_path / "model.bin").layers[0]
    rows = _RANDOM.normal(size=(9, 4))
    padded = np.concatenate([np.zeros((4, 4)), rows])
    for made, frame in enumerate(range(0, 9, 2)):
        taps = padded[frame : frame + 5 : 2]
        plain = np.einsum("kc,ock->o", taps, tensors["c.weight"].transpose(0, 1, 2))
        spread = np.sqrt(tensors["n.variance"] + 1e-5)
        wanted = np.maximum((plain - tensors["n.mean"]) / spread * tensors["n.gamma"] + tensors["n.beta"], 0)
        found = np.maximum(np.einsum("kc,okc->o", taps, layer.matrix) + layer.offsets, 0)
        np.testing.assert_allclose(found, wanted, atol=1e-5, err_msg=str(made))


def test_onnx_runtime_computes_the_network(network: model.Network) -> None:
    session = onnx_network.OnnxRuntime(onnx_network.convert(network, 30))
    features = _RANDOM.normal(size=(30, 4)).astype(np.float32)
    session.set(features)
    np.testing.assert_allclose(session.invoke().reshape(-1), oracle.logits(network, features), atol=1e-4)


def test_what_is_no_model_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"not a model")
    with pytest.raises(Problem, match="cannot read the float model"):
        model.read(tmp_path / "model.bin")
