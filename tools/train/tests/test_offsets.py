"""What classes lack is found from judgements, whatever a group's temperature and size."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from conftest import small_recipe
from edged_train import corpus, export, offsets, run
from edged_train.average import average
from edged_train.bias import measure
from edged_train.evaluation import Temperatures
from edged_train.join import join
from edged_train.offsets import Unheard, fit
from edged_train.problem import Problem
from edged_train.trainer import Trainer

TRUE = np.array([0.6, -0.4, -0.2])


def group(random: np.random.Generator, temperature: float, true: np.ndarray = TRUE, count: int = 60_000) -> Unheard:
    """Labels as softmax(logits / temperature + true) has them."""
    logits = random.normal(0, 1.5, (count, 3)) * temperature
    odds = np.exp(logits / temperature + true)
    odds /= odds.sum(1, keepdims=True)
    labels = (odds.cumsum(1) > random.random((count, 1))).argmax(1)
    return Unheard(labels, logits, np.full(count, -1), np.arange(count))


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_what_was_lacking_is_found(temperature: float):
    one = group(np.random.default_rng(0), temperature)
    np.testing.assert_allclose(fit([one]), TRUE, atol=0.03)
    assert abs(fit([one]).mean()) < 1e-12
    assert one.temperature(TRUE) == pytest.approx(temperature, rel=0.03)


def test_where_nothing_is_lacking_nothing_is_added():
    np.testing.assert_allclose(fit([group(np.random.default_rng(1), 1.3, np.zeros(3))]), 0, atol=0.03)


def test_groups_of_any_temperature_and_size_weigh_the_same():
    random = np.random.default_rng(2)
    sure, unsure = group(random, 2.0), group(random, 0.5)
    np.testing.assert_allclose(fit([sure, unsure]), TRUE, atol=0.03)
    # Two groups that lack the opposite lack nothing together, however many judgements either has.
    many, few = group(random, 1.0, TRUE, 80_000), group(random, 1.0, -TRUE, 8_000)
    np.testing.assert_allclose(fit([many, few]), 0, atol=0.06)


def test_offsets_raise_the_accuracy_of_who_lacks_them():
    one = group(np.random.default_rng(3), 1.0, 3 * TRUE)
    before, after = (float(one.right(each).split()[0]) for each in (np.zeros(3), 3 * TRUE))
    assert after > before + 5


def trained(prepared: Path, folder: Path, held: str = "") -> Path:
    settings = small_recipe(data={"held_out": [held] if held else []})
    Trainer(settings, prepared, folder, torch.device("cpu")).train()
    return folder


def test_runs_are_judged_by_whom_they_held_out_and_the_table_says_what_others_offsets_give(
    prepared: Path, tmp_path: Path
):
    plain = trained(prepared, tmp_path / "plain")
    held = [trained(prepared, tmp_path / name, name) for name in ("talker0", "talker1", "talker2")]
    groups = [Unheard.of(folder, prepared, 2) for folder in held]
    # Six clips, twice cold and in two orders.
    assert [len(each.labels) for each in groups] == [24, 24, 24]
    table = offsets.offset(plain, held, prepared, tmp_path / "moved", 2).splitlines()
    expected = fit(groups) * Unheard.of(plain, prepared, 2).temperature(fit(groups))
    np.testing.assert_allclose([float(line.split()[1]) for line in table[:2]], expected, atol=1e-3)
    before, after = (run.load(tmp_path / name / run.BEST) for name in ("plain", "moved"))
    for key, value in before["average"].items():
        moved = torch.from_numpy(expected) if key == "operators.logits.bias" else torch.zeros(())
        torch.testing.assert_close(after["average"][key].double(), value.double() + moved, atol=1e-5, rtol=1e-5)
    spoken = [group.spoken(fit(groups)) for group in groups]
    assert [len(each.labels) for each in spoken] == [12, 12, 12]  # in two orders, none of them cold
    bias, expected_bias = run.load_trained(tmp_path / "moved").bias, measure(spoken)
    factor = Unheard.of(plain, prepared, 2).temperature(fit(groups))
    assert bias is not None and bias.prior == expected_bias.prior
    np.testing.assert_allclose(bias.means, expected_bias.means * factor, atol=1e-6)
    assert bias.variance == pytest.approx(expected_bias.variance * factor**2)
    hoped = groups[1].right(fit([groups[0], groups[2]]))
    assert table[4].endswith(f"by the others' offsets {hoped}")
    assert run.load_trained(tmp_path / "moved").offsets == pytest.approx(
        dict(zip(("angry", "sad"), expected, strict=True)), abs=1e-5
    )


def test_mean_with_offsets_still_names_its_members(prepared: Path, tmp_path: Path):
    plain = trained(prepared, tmp_path / "plain")
    held = trained(prepared, tmp_path / "talker0", "talker0")
    average([plain, plain], tmp_path / "mean")
    offsets.offset(tmp_path / "mean", [held], prepared, tmp_path / "moved", 1)
    assert run.load_trained(tmp_path / "moved").averaged == ("plain", "plain")


def test_only_clean_clips_are_judged_whatever_training_heard(prepared: Path, tmp_path: Path):
    plain, held = trained(prepared, tmp_path / "plain"), trained(prepared, tmp_path / "held", "talker1")
    settings = run.read_recipe(held)
    run.write_recipe(replace(settings, augmentation=replace(settings.augmentation, loud_share=0.4)), held)
    table = offsets.offset(plain, [held], prepared, tmp_path / "moved", 1)
    assert "no others to check these by" in table


def test_what_would_flatter_is_refused(prepared: Path, tmp_path: Path):
    plain, held = trained(prepared, tmp_path / "plain"), trained(prepared, tmp_path / "held", "talker1")
    moved = tmp_path / "moved"
    with pytest.raises(Problem, match="holds talker[45] out, as .*plain does"):
        offsets.offset(plain, [plain], prepared, moved, 1)
    with pytest.raises(Problem, match="holds talker1 out, as .*held does"):
        offsets.offset(plain, [held, held], prepared, moved, 1)
    with pytest.raises(Problem, match="is not a prepared folder"):
        offsets.offset(plain, [held], tmp_path, moved, 1)
    offsets.offset(plain, [held], prepared, moved, 1)
    with pytest.raises(Problem, match="has offsets already"):
        offsets.offset(moved, [held], prepared, tmp_path / "again", 1)
    offsets.offset(held, [trained(prepared, tmp_path / "other", "talker2")], prepared, tmp_path / "corrected", 1)
    with pytest.raises(Problem, match="corrected has offsets already"):
        offsets.offset(plain, [tmp_path / "corrected"], prepared, tmp_path / "again", 1)
    with pytest.raises(Problem, match="has offsets; average"):
        average([plain, moved], tmp_path / "mean")
    export.export(run.load_trained(moved), Temperatures(1.0, 1.0), {}, tmp_path / "model.bin")
    with pytest.raises(Problem, match="model.bin has offsets; average"):
        average([plain, tmp_path / "model.bin"], tmp_path / "mean")
    with pytest.raises(Problem, match="has offsets; join"):
        join([plain, moved], tmp_path / "joined")
    with pytest.raises(Problem, match="another held-out part"):
        join([plain, held], tmp_path / "joined")


def test_a_class_that_nobody_held_out_says_is_no_reason_to_say_it_never(prepared: Path, tmp_path: Path):
    plain, held = trained(prepared, tmp_path / "plain"), trained(prepared, tmp_path / "held", "talker1")
    every = corpus.read(prepared / "clips.tsv")
    calm = [replace(clip, label="angry") if clip.speaker == "talker1" else clip for clip in every]
    corpus.write(calm, prepared / "clips.tsv")
    with pytest.raises(Problem, match=r"held: its held-out talkers say nothing that is sad"):
        offsets.offset(plain, [held], prepared, tmp_path / "moved", 1)
