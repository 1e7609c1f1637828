"""Sharpness-aware steps look at the worst place nearby, and leave the weights where they were."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from conftest import small_recipe
from edged_train import sharpness
from edged_train.trainer import Trainer


def test_loss_is_higher_uphill_and_the_weights_come_back():
    torch.manual_seed(0)
    network = nn.Linear(5, 3)
    features, radius = torch.randn(16, 5), 0.05
    loss = network(features).square().mean()
    loss.backward()
    weight, bias = (parameter.detach().clone() for parameter in network.parameters())
    with sharpness.uphill(network, radius):
        assert network(features).square().mean() > loss
        # Each weight's way is measured against its own size.
        torch.testing.assert_close(((network.weight - weight) / weight).norm(), torch.tensor(radius))
        assert torch.equal(network.bias, bias)
    assert torch.equal(network.weight, weight)


def test_sharpness_aware_training_learns_other_weights(prepared: Path, tmp_path: Path):
    plain = Trainer(small_recipe(training={"epochs": 12}), prepared, tmp_path / "plain", torch.device("cpu"))
    aware = small_recipe(training={"epochs": 12, "sharpness": 0.5})
    trainer = Trainer(aware, prepared, tmp_path / "aware", torch.device("cpu"))
    plain.train()
    trainer.train()
    assert trainer.best > 0.9
    pairs = zip(plain.network.parameters(), trainer.network.parameters(), strict=True)
    assert not all(torch.equal(one, other) for one, other in pairs)
