"""What the network reads of a raw vector, against the definitions in plain loops."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from edged_train.frontend import FeatureMap
from edged_train.recipe import FrontEnd
from edged_train.recipe.front_end import VOICE_VALUES

VOICE = FrontEnd(bands=12, coefficients=7, extras=("voice",), running_means=5)


ALL = FrontEnd(
    bands=12,
    coefficients=7,
    # In another order than the raw vector's, which must not matter.
    extras=("delta_deltas", "tonnetz", "rms", "mel", "zero_crossings", "contrast", "chroma", "deltas"),
    running_means=3,
)


def by_definition(front_end: FrontEnd, raw: np.ndarray, mean: np.ndarray, deviation: np.ndarray) -> np.ndarray:
    """The columns of one context of raw vectors less the baseline, frame by frame, as FORMATS.md and NUMERICS.md say."""
    bands, rows = front_end.bands, []
    sums = np.zeros(front_end.running_means)
    for frame, vector in enumerate(raw, start=1):
        cepstrum = []
        for order in range(front_end.coefficients):
            norm = math.sqrt((1 if order == 0 else 2) / bands)
            angles = [math.pi * order * (band + 0.5) / bands for band in range(bands)]
            cepstrum.append(norm * sum(math.cos(a) * value for a, value in zip(angles, vector, strict=False)))
        relative = []
        for order in range(front_end.running_means):
            distance = cepstrum[order] - mean[order]
            sums[order] += distance
            relative.append(distance - sums[order] / (frame + 30))
        kept = vector[:bands] if "mel" in front_end.extras else []
        first = bands if "voice" in front_end.extras else bands + 1
        rows.append([*cepstrum, *kept, *vector[first : front_end.values], *relative])
    cepstra = [row[: front_end.coefficients] for row in rows]
    if "deltas" in front_end.extras:
        first_slopes = slopes(cepstra)
        second_slopes = slopes(first_slopes)
        for row, first_slope, second_slope in zip(rows, first_slopes, second_slopes, strict=True):
            row += [*first_slope, *second_slope]
    return (np.array(rows) - mean) / deviation


def slopes(rows: list[list[float]]) -> list[list[float]]:
    """The slope of each value over five frames; before the first all were like it."""
    past = [rows[0]] * 4 + rows
    return [
        [(2 * (past[at][i] - past[at - 4][i]) + past[at - 1][i] - past[at - 3][i]) / 10 for i in range(len(rows[0]))]
        for at in range(4, len(past))
    ]


@pytest.mark.parametrize("front_end", [VOICE, ALL], ids=["voice", "all"])
def test_columns_are_those_of_the_definition(front_end: FrontEnd):
    random = np.random.default_rng(0)
    centre = random.normal(3, 1, front_end.values)
    mean, deviation = random.normal(0, 1, front_end.columns), random.uniform(0.5, 2, front_end.columns)
    raw = random.normal(3, 1, (90, front_end.values))
    feature_map = FeatureMap(torch.tensor(centre, dtype=torch.float32), front_end)
    feature_map.restore(torch.tensor(mean).float(), torch.tensor(deviation).float())
    centred = torch.tensor(raw - centre, dtype=torch.float32)
    # Two contexts in a batch, one of them shorter: neither knows of the other or of what lies behind its end.
    found = feature_map.standardize(feature_map.columns(torch.stack([centred, centred.flip(0)])))
    np.testing.assert_allclose(found[0], by_definition(front_end, raw, mean, deviation), atol=1e-4)
    np.testing.assert_allclose(found[1][:40], by_definition(front_end, raw[:49:-1], mean, deviation), atol=1e-4)


def test_widths_are_those_of_the_device():
    assert VOICE.values == 12 + 1 + VOICE_VALUES
    assert VOICE.columns == 7 + 1 + VOICE_VALUES + 5
    plain = FrontEnd(bands=12, coefficients=7)
    assert (plain.values, plain.columns) == (12, 7)
    assert ALL.values == 12 + 1 + 1 + 1 + 12 + 7 + 6
    assert ALL.columns == 7 + 12 + 27 + 3 + 14
    assert ALL.position("rms") == 14 and ALL.position("voice") is None
    slopes_alone = FrontEnd(bands=12, coefficients=7, extras=("deltas",))
    assert (slopes_alone.values, slopes_alone.columns) == (12, 14)


def test_long_tails_are_kept_within_what_int8_holds():
    random = np.random.default_rng(2)
    frames = torch.tensor(random.normal(0, 1, (1, 20000, VOICE.values)), dtype=torch.float32)
    frames[0, ::100, 20] *= 20
    feature_map = FeatureMap(torch.zeros(VOICE.values), VOICE)
    feature_map.fit([(frames, torch.ones(1, 20000, dtype=torch.bool))])
    columns = feature_map.standardize(feature_map.columns(frames))[0].abs()
    assert (columns > 6).float().mean(0).max() <= 1e-4
    column = VOICE.coefficients + 20 - VOICE.bands
    assert columns[:, column].std() < 0.8 and (columns[:, column + 1] ** 2).mean() > 0.99


def test_fitted_columns_have_mean_zero_and_deviation_one():
    random = np.random.default_rng(1)
    centre = torch.zeros(VOICE.values)
    frames = torch.tensor(random.normal(2, 3, (8, 50, VOICE.values)), dtype=torch.float32)
    valid = torch.tensor(random.random((8, 50)) < 0.7)
    feature_map = FeatureMap(centre, VOICE)
    feature_map.fit([(frames[:4], valid[:4]), (frames[4:], valid[4:])])
    rows = feature_map.standardize(feature_map.columns(frames))[valid]
    assert rows.mean(0).abs().max() < 1e-4
    assert (rows.std(0, correction=0) - 1).abs().max() < 1e-4
