"""What is drawn for every batch: mixed examples, masked stretches of time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from conftest import small_recipe
from edged_train import clips
from edged_train.batches import Batch, Batches
from edged_train.frontend import FeatureMap

QUIET = {"gain_db": 0.0, "session_gain_db": 0.0, "tempo": 0.0, "frequency_masks": 0, "time_masks": 0, "mixup": 0.0}
"""Nothing drawn but segments and baselines."""


def rendered(prepared: Path, **augmentation: float) -> list[Batch]:
    recipe = small_recipe(augmentation=QUIET | augmentation, training={"label_smoothing": 0.0})
    train = clips.load_train(recipe, prepared)
    source = Batches(recipe, train, FeatureMap(torch.from_numpy(train.centre), recipe.front_end))
    plan = source.epoch(np.random.default_rng(0))
    # The same generator for every batch, so that what is not mixed can be compared with what is.
    return [next(iter(source.render([draws], np.random.default_rng(1)))) for draws in plan]


def test_mixed_examples_are_weighted_means_of_two_in_features_and_targets_alike(prepared: Path):
    both_classes = 0
    for plain, mixed in zip(rendered(prepared), rendered(prepared, mixup=0.4, mixup_share=1.0), strict=True):
        weights = set()
        for row, target in zip(mixed.features, mixed.targets, strict=True):
            # Which two, and how much of each, is found from the features alone …
            best = (np.inf, 0.0, torch.zeros(2))
            for one, first in zip(plain.features, plain.targets, strict=True):
                for other, second in zip(plain.features, plain.targets, strict=True):
                    way = (one - other).flatten()
                    share = float((row - other).flatten() @ way / (way @ way).clamp(min=1e-9))
                    distance = float((share * one + (1 - share) * other - row).abs().max())
                    best = min(
                        best, (distance, share, share * first + (1 - share) * second), key=lambda found: found[0]
                    )
            distance, share, expected = best
            assert distance < 1e-4
            # … and the targets say the same.
            torch.testing.assert_close(target, expected, atol=1e-3, rtol=0)
            both_classes += bool((target > 0.01).all())
            weights.add(round(max(share, 1 - share), 3))
        assert len(weights - {1.0}) == 1
    assert both_classes > 2


def test_masked_frames_are_at_the_mean_and_no_longer_than_they_may(prepared: Path):
    settings = {"time_masks": 1, "time_mask_frames": 9}
    longest = 0
    for plain, masked in zip(rendered(prepared), rendered(prepared, **settings), strict=True):
        changed = (plain.features != masked.features).any(2)
        assert (masked.features[changed] == 0).all()
        for row in changed:
            at = row.nonzero().ravel()
            assert len(at) == 0 or int(at[-1] - at[0]) + 1 == len(at) <= 9
            longest = max(longest, len(at))
    assert longest > 4
