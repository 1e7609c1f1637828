"""Training sees what the device would open, jittered, less a baseline of the same talker's other clips."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file

from conftest import small_recipe
from edged_train import augment, baseline, clips, prepare
from edged_train.batches import NATURAL_PER_DB, SHORTEST_CONTEXT, Batches
from edged_train.clip import Clip
from edged_train.clips import ClipSet, Segment
from edged_train.draw import Draw
from edged_train.frontend import FeatureMap
from edged_train.problem import Problem
from edged_train.recipe import Recipe
from edged_train.recipe.front_end import VOICE_VALUES
from synthetic import BANDS, write_features

PLAIN = {
    "gain_db": 0.0,
    "session_gain_db": 0.0,
    "tempo": 0.0,
    "time_masks": 0,
    "frequency_masks": 0,
    "mixup": 0.0,
}
"""No augmentation of what is drawn."""


def batches(recipe: Recipe, prepared: Path) -> tuple[Batches, ClipSet]:
    # The fixture was prepared with the default augmentation of stored versions, which these recipes share.
    train = clips.load_train(recipe, prepared)
    return Batches(recipe, train, FeatureMap(torch.from_numpy(train.centre), recipe.front_end)), train


def others(source: Batches, clip: int) -> np.ndarray:
    return source._past(clip, 0).means[source._others(clip, 0)]


def drawn(source: Batches, epochs: int = 20) -> list[Draw]:
    random = np.random.default_rng(0)
    return [draw for _ in range(epochs) for batch in source.epoch(random) for draw in batch]


def test_both_ends_are_jittered_within_bounds_and_some_clips_are_whole(prepared: Path):
    source, train = batches(small_recipe(augmentation=PLAIN), prepared)
    before, after, whole = [], [], 0
    for draw in drawn(source):
        version = train.versions[draw.version]
        segment = version.segments[draw.clip][0]
        if draw.start < 5:
            whole += 1
            assert draw.start + draw.frames == version.lengths[draw.clip]
            continue
        before.append(segment.speech_start - draw.start)
        after.append(draw.start + draw.frames - segment.speech_end)
    assert 6 <= min(before) < 9 and 31 < max(before) <= 34
    assert 9 <= min(after) < 13 and 47 < max(after) <= 51
    assert 0.1 < whole / (whole + len(before)) < 0.3


def test_clip_without_a_frame_is_not_trained_on(prepared: Path):
    path = prepared / prepare.train_name(1)
    tensors = load_file(path)
    first = int(tensors["offsets"][1])
    save_file(
        {
            "raw": tensors["raw"][first:],
            "offsets": np.maximum(tensors["offsets"] - first, 0),
            "segments": tensors["segments"][1:],
            "speech": tensors["speech"][1:],
            "activity": tensors["activity"][first:],
        },
        path,
    )
    with pytest.raises(
        Problem, match=r"train-01\.safetensors holds no frame of talker0-0\.wav: leave so short a clip out"
    ):
        clips.load_train(small_recipe(), prepared)


def test_bounds_hold_a_frame_however_little_there_is(prepared: Path):
    source, train = batches(small_recipe(augmentation=PLAIN, segmentation={"jitter": [0.0, 0.0]}), prepared)
    for length, speech in ((1, None), (2, None), (1, (0, 1)), (2, (1, 2))):
        segments = [[Segment(0, length, *speech, 1)] if speech else []] * len(train.clips)
        short = replace(train.versions[0], lengths=np.full(len(train.clips), length), segments=segments)
        for seed in range(20):
            start, end = source._bounds(short, 0, np.random.default_rng(seed))
            assert 0 <= start < end <= length


def test_no_batch_is_of_one_example(prepared: Path):
    source, _ = batches(small_recipe(training={"batch": 2}), prepared)
    source.clips = replace(source.clips, clips=source.clips.clips[:23])
    plan = source.epoch(np.random.default_rng(0))
    assert [len(batch) for batch in plan] == [2] * 11


def test_no_context_is_longer_than_the_device_ever_hears(prepared: Path):
    recipe = small_recipe(augmentation=PLAIN | {"tempo": 0.1}, recognition={"context_ms": 800})
    source, _ = batches(recipe, prepared)
    assert 78 <= max(draw.rows for draw in drawn(source)) <= 80


def test_same_seed_gives_the_same_batches(prepared: Path):
    source, _ = batches(small_recipe(), prepared)

    def epoch(seed: int) -> list[torch.Tensor]:
        random = np.random.default_rng(seed)
        return [batch.features for batch in source.render(source.epoch(random), random)]

    assert all(torch.equal(a, b) for a, b in zip(epoch(1), epoch(1), strict=True))
    assert any(a.shape != b.shape or not torch.equal(a, b) for a, b in zip(epoch(1), epoch(2), strict=True))


def test_baseline_knows_other_clips_of_the_same_talker_only(prepared: Path):
    source, train = batches(small_recipe(augmentation=PLAIN), prepared)
    means = [version[0] for version in train.versions[0].segment_means]
    for index, clip in enumerate(train.clips):
        same = [
            means[other] - train.centre
            for other, candidate in enumerate(train.clips)
            if candidate.speaker == clip.speaker and other != index
        ]
        np.testing.assert_allclose(others(source, index), same, atol=1e-6)


def test_offset_is_the_baseline_of_the_past_moved_as_the_example_was(prepared: Path):
    source, train = batches(small_recipe(augmentation=PLAIN), prepared)
    everyone = len(source._others(0, 1))
    _, offset = source._move(Draw(0, 1, 0, 50, 1, everyone), np.random.default_rng(0))
    shift = train.versions[1].segment_means[0][0] - train.versions[0].segment_means[0][0]
    past = others(source, 0) + train.centre
    expected = baseline.offset(past, train.centre, 2) + shift * everyone / (everyone + 2)
    np.testing.assert_allclose(offset, expected, atol=1e-5)


def test_version_of_a_talker_has_the_past_that_it_made_of_the_other_clips(prepared: Path):
    recipe = small_recipe(augmentation=PLAIN | {"by_talker": True})
    (prepared / "prepared.json").write_text(json.dumps(prepare._description(recipe)))
    source, train = batches(recipe, prepared)
    past = [
        train.versions[1].segment_means[other][0]
        for other, clip in enumerate(train.clips)
        if clip.speaker == train.clips[3].speaker and other != 3
    ]
    _, offset = source._move(Draw(3, 1, 0, 50, 1, len(past)), np.random.default_rng(0))
    np.testing.assert_allclose(offset, baseline.offset(np.array(past), train.centre, 2), atol=1e-5)


def test_teachers_hear_the_same_part_of_the_clip_itself_at_the_pace_of_its_version(prepared: Path):
    recipe = small_recipe(
        augmentation=PLAIN | {"mixup": 0.5, "mixup_share": 1.0}, training={"clean_teachers": True, "distillation": 0.5}
    )
    source, train = batches(recipe, prepared)
    faster = replace(train.versions[1], lengths=train.versions[1].lengths * 2 // 3)
    source.clips = replace(train, versions=[train.versions[0], faster])
    draws = [Draw(1, 1, 8, 40, 1.05, 0), Draw(2, 1, 4, 33, 1, 2), Draw(3, 0, 7, 20, 1, 0)]
    random = np.random.default_rng(4)
    batch = source._render(draws, random)
    assert batch.teacher_features.shape == batch.features.shape
    for draw in draws:
        clean = source._unaltered(draw)
        ratio = int(train.versions[0].lengths[draw.clip]) / int(source.clips.versions[draw.version].lengths[draw.clip])
        assert (clean.version, clean.rows) == (0, draw.rows)
        assert abs(clean.start - draw.start * ratio) <= 1 and abs(clean.frames - draw.frames * ratio) <= 1
        assert clean.start + clean.frames <= train.versions[0].lengths[draw.clip]
    # Clips as they are, without a past, from where they speak on: what the teacher hears of them is mixed as what the pupil hears.
    spoken = [Draw(clip, 0, 70, 30, 1, 0) for clip in range(4)]
    plain, _ = batches(small_recipe(augmentation=PLAIN), prepared)
    mixed, unmixed = (of._render(spoken, np.random.default_rng(1)).features for of in (source, plain))
    assert (mixed - unmixed).abs().amax((1, 2)).max() > 0.1
    torch.testing.assert_close(source._render(spoken, np.random.default_rng(1)).teacher_features, mixed)


def test_beginnings_end_anywhere_from_the_shortest_context_on_and_teachers_hear_on(prepared: Path):
    whole, _ = batches(small_recipe(augmentation=PLAIN), prepared)
    source, _ = batches(small_recipe(augmentation=PLAIN, segmentation={"beginning_share": 0.5}), prepared)
    draws = [Draw(clip, 0, 0, 60 - 30 * (clip == 1), 1, 0) for clip in range(4)]
    ends = []
    for seed in range(100):
        batch = source._render(draws, np.random.default_rng(seed))
        every = whole._render(draws, np.random.default_rng(seed))
        torch.testing.assert_close(batch.teacher_features, every.features)
        assert batch.teacher_lengths.tolist() == [60, 30, 60, 60]
        for features, kept, rows in zip(batch.features, every.features, batch.lengths.tolist(), strict=True):
            torch.testing.assert_close(features[:rows], kept[:rows])
            assert not features[rows:].any()
        assert batch.lengths[1] == 30  # shorter than the shortest, never cut
        ends += batch.lengths[[0, 2, 3]].tolist()
    assert min(ends) == SHORTEST_CONTEXT and len(set(ends)) == 60 - SHORTEST_CONTEXT + 1
    # A drawn beginning is all of it in one of 21.
    assert np.mean(np.array(ends) < 60) == pytest.approx(0.5 * 20 / 21, abs=0.1)


def test_teachers_hear_the_clip_itself_to_its_end_where_the_pupil_hears_a_mixed_beginning(prepared: Path):
    augmentation = PLAIN | {"mixup": 0.5, "mixup_share": 1.0}
    taught = {"clean_teachers": True, "distillation": 0.5}
    beginning = small_recipe(augmentation=augmentation, training=taught, segmentation={"beginning_share": 1.0})
    source, _ = batches(beginning, prepared)
    every, _ = batches(small_recipe(augmentation=augmentation, training=taught), prepared)
    draws = [Draw(clip, 1, 0, 50 + clip, 1, 0) for clip in range(4)]
    batch, whole = (of._render(draws, np.random.default_rng(2)) for of in (source, every))
    torch.testing.assert_close(batch.teacher_features, whole.teacher_features)
    torch.testing.assert_close(batch.teacher_lengths, whole.lengths)
    torch.testing.assert_close(batch.targets, whole.targets)
    assert (batch.lengths <= whole.lengths).all() and (batch.lengths < whole.lengths).any()
    for features, kept, rows in zip(batch.features, whole.features, batch.lengths.tolist(), strict=True):
        torch.testing.assert_close(features[:rows], kept[:rows])
        assert not features[rows:].any()


def test_gain_of_the_session_remains_as_far_as_the_past_does_not_cancel_it(prepared: Path):
    recipe = small_recipe(augmentation=PLAIN | {"session_gain_db": 6.0})
    source, _ = batches(recipe, prepared)
    quiet, _ = batches(small_recipe(augmentation=PLAIN), prepared)
    for known in (0, 3):
        draw = Draw(0, 0, 0, 50, 1, known)
        gains = []
        for seed in range(400):
            with_gain = source._move(draw, np.random.default_rng(seed))[1]
            without = quiet._move(draw, np.random.default_rng(seed))[1]
            gains.append((without - with_gain) / NATURAL_PER_DB)
        assert np.ptp(gains, axis=1).max() < 1e-3  # the same in all bands
        assert abs(np.std(gains) - 6 * 2 / (known + 2)) < 0.6


def test_frames_and_targets_are_those_of_the_draw(prepared: Path):
    recipe = small_recipe(augmentation=PLAIN, training={"label_smoothing": 0.1})
    source, train = batches(recipe, prepared)
    draws = [Draw(1, 0, 7, 50, 1, 0), Draw(2, 1, 0, 31, 1, 0)]
    batch = source._render(draws, np.random.default_rng(0))
    assert batch.lengths.tolist() == [50, 31]
    assert not batch.features[1, 31:].any()
    for row, draw in enumerate(draws):
        at = int(train.versions[draw.version].first_frame[draw.clip]) + draw.start
        frames = train.frames[at : at + draw.frames].float()
        expected = source.feature_map.standardize(source.feature_map.columns(frames))
        torch.testing.assert_close(batch.features[row, : draw.frames], expected)
        assert batch.targets[row, train.labels[draw.clip]] == 0.95


def test_standardized_coefficients_have_mean_zero_and_deviation_one(prepared: Path):
    source, _ = batches(small_recipe(augmentation=PLAIN), prepared)
    source.feature_map.fit(source.contexts(np.random.default_rng(0), 1000))
    random = np.random.default_rng(5)
    rendered = [b for _ in range(10) for b in source.render(source.epoch(random), random)]
    rows = torch.cat([b.features[row, : b.lengths[row]] for b in rendered for row in range(len(b.lengths))])
    assert rows.mean(0).abs().max() < 0.1
    assert (rows.std(0) - 1).abs().max() < 0.1


def test_short_segments_are_not_remembered_of_a_talker(prepared: Path):
    recipe = small_recipe()
    strict = replace(
        recipe,
        recognition=replace(recipe.recognition, baseline=replace(recipe.recognition.baseline, speech_ms=610)),
    )
    source, _ = batches(strict, prepared)
    assert all(len(source._others(clip, 0)) == 0 for clip in range(len(source.clips.clips)))
    assert all(draw.known == 0 for draw in drawn(source, 2))


def test_gain_stretches_the_root_mean_square_of_the_example_and_of_its_past(prepared: Path):
    source, train = voiced(prepared, ("zero_crossings", "rms"), gain_db=2.0, session_gain_db=6.0)
    draw, everyone = Draw(0, 0, 0, 50, 1, 5), np.random.default_rng(7)
    draws = np.random.default_rng(7)
    past = others(source, 0)[draws.choice(len(source._others(0, 0)), 5, replace=False)] + train.centre
    example, session = (10 ** (draws.normal(0, sigma) / 20) for sigma in (2.0, 6.0))
    factor, offset = source._move(draw, everyone)
    raw, mean = 3.0, float(train.centre[-1])
    heard = example * session * raw
    remembered = (session * past[:, -1].sum() + 2 * mean) / 7 - mean
    assert factor[-1] * (raw - mean) - offset[-1] == pytest.approx(heard - remembered - mean, rel=1e-4)
    assert (factor[:-1] == 1).all()


def voiced(prepared: Path, extras: tuple[str, ...] = ("voice",), **augmentation: float) -> tuple[Batches, ClipSet]:
    """Batches of a recipe with extras, which the fixture's clips are given at random."""
    recipe = small_recipe(
        front_end={"bands": BANDS, "coefficients": 6, "extras": list(extras), "running_means": 4},
        augmentation=PLAIN | {"mixup": 0.0} | augmentation,
    )
    random = np.random.default_rng(3)
    clips_of = {prepare.train_name(0): 24, prepare.train_name(1): 24}
    for name, count in clips_of.items():
        stretches = [[random.normal(0, 1, (60, recipe.front_end.values))] for _ in range(count)]
        write_features(prepared / name, stretches)
    (prepared / "prepared.json").write_text(json.dumps(prepare._description(recipe)))
    return batches(recipe, prepared)


def test_gain_moves_bands_and_level_and_no_voice_feature(prepared: Path):
    source, train = voiced(prepared, gain_db=3.0)
    _, offset = source._move(Draw(0, 0, 0, 50, 1, 0), np.random.default_rng(0))
    assert len(offset) == BANDS + 1 + VOICE_VALUES == len(train.centre)
    assert abs(offset[0]) > 0.01 and np.ptp(offset[: BANDS + 1]) == 0
    assert not offset[BANDS + 1 :].any()


def test_baseline_is_taken_of_the_voice_features_too(prepared: Path):
    source, _ = voiced(prepared)
    _, offset = source._move(Draw(0, 0, 0, 50, 1, 5), np.random.default_rng(0))
    assert (offset[BANDS + 1 :] != 0).all()


def test_masked_stretches_lie_in_coefficients_and_in_what_follows_them(prepared: Path):
    masked = {"frequency_masks": 1, "frequency_mask_coefficients": 2, "extra_mask_share": 1.0, "extra_mask_columns": 9}
    source, _ = voiced(prepared, **masked)
    source.feature_map.fit(source.contexts(np.random.default_rng(0), 1000))
    random = np.random.default_rng(1)
    widths: list[tuple[int, int]] = []
    for batch in source.render(source.epoch(random), random):
        silent = ~batch.features[:, :30].any(1)
        widths += [(int(row[:6].sum()), int(row[6:].sum())) for row in silent]
    coefficients, extras = zip(*widths, strict=True)
    assert batch.features.shape[2] == 6 + 1 + VOICE_VALUES + 4
    assert max(coefficients) == 2 and 6 <= max(extras) <= 9 and min(extras) <= 2


def test_degraded_versions_are_drawn_as_often_as_they_should_be(prepared: Path):
    degraded = {"versions": 6, "degraded": 2, "clean_share": 0.25, "degraded_share": 0.4}
    plain, _ = batches(small_recipe(), prepared)
    plain.recipe = small_recipe(augmentation=degraded)
    random = np.random.default_rng(0)
    counts = np.bincount([plain._version(0, random) for _ in range(4000)], minlength=6) / 4000
    np.testing.assert_allclose(counts, [0.25, 0.15, 0.15, 0.15, 0.15, 0.15], atol=0.03)


def test_runs_can_dwell_on_telephones_or_on_noise(prepared: Path):
    kinds = {"versions": 6, "degraded": 4, "clean_share": 0.0, "degraded_share": 1.0, "telephones_drawn": 0.9}
    source, train = batches(small_recipe(), prepared)
    telephones = np.zeros((6, len(train.clips)), bool)
    telephones[3:5, 0] = True
    telephones[:, 1] = True
    source.recipe, source.clips = small_recipe(augmentation=kinds), replace(train, telephones=telephones)
    random = np.random.default_rng(0)
    counts = np.bincount([source._version(0, random) for _ in range(4000)], minlength=6) / 4000
    np.testing.assert_allclose(counts, [0, 0, 0.05, 0.45, 0.45, 0.05], atol=0.03)
    assert {source._version(1, random) for _ in range(400)} == {2, 3, 4, 5}


def test_telephones_are_those_that_were_prepared(prepared: Path):
    settings = {"versions": 4, "degraded": 3, "telephone_share": 0.5, "by_talker": True}
    recipe = small_recipe(augmentation=settings)
    (prepared / "prepared.json").write_text(json.dumps({"seed": 5}))
    listed = [Clip(f"{talker}-{number}", "", "angry", talker, "train") for talker in "abcdefgh" for number in range(3)]
    found = prepare.telephones(recipe, prepared, listed)
    for index in range(4):
        for number, clip in enumerate(listed):
            first = next(other for other, one in enumerate(listed) if one.speaker == clip.speaker)
            talker = np.random.default_rng((5, index, first, 2))
            version = augment.draw(recipe.augmentation, np.random.default_rng((5, index, number)), True, talker)
            assert found[index, number] == (index > 0 and version.telephone)
    assert 0 < found.mean() < 1
