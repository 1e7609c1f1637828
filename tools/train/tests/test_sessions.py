"""Clips are judged in the device's order: segment by segment, context by context, the past in the baseline."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import numpy as np
import torch

from conftest import small_recipe
from edged_train import baseline, clips, graph, prepare, sessions
from edged_train.bias import Expectation, TalkerBias
from edged_train.clips import ClipSet
from edged_train.frontend import FeatureMap
from edged_train.network import GraphNetwork
from edged_train.recipe import Recipe
from synthetic import BANDS, speech, write_features

RECIPE = small_recipe(recognition={"context_ms": 800, "baseline": {"segments": 3}})


def dev(recipe: Recipe, prepared: Path) -> ClipSet:
    return clips.load_dev(recipe, prepared, 0, clips.load_train(recipe, prepared).centre)


def network() -> GraphNetwork:
    torch.manual_seed(0)
    return GraphNetwork(graph.build(RECIPE.network, BANDS, 2)).eval()


def feature_map(clip_set: ClipSet) -> FeatureMap:
    return FeatureMap(torch.from_numpy(clip_set.centre), RECIPE.front_end)


def test_cold_clips_have_no_baseline(prepared: Path):
    heard, known = sessions.cold(RECIPE, dev(RECIPE, prepared), whole=False)
    assert not known.any()
    assert all(not context.offset.any() for context in heard)


def test_session_begins_cold_and_remembers_no_more_than_the_recipe_says(prepared: Path):
    clip_set = dev(RECIPE, prepared)
    heard, known = sessions.warm(RECIPE, clip_set, False, np.random.default_rng(0))
    for members in clip_set.speakers().values():
        assert sorted(known[members].tolist()) == [0, 1, 2, 3, 3, 3]
    offsets = {context.clip: context.offset for context in heard}
    means = clip_set.versions[0].segment_means
    order = list(dict.fromkeys(context.clip for context in heard))
    talker = [clip for clip in order if clip_set.clips[clip].speaker == clip_set.clips[order[0]].speaker]
    past = np.concatenate([means[clip] for clip in talker[2:5]])
    np.testing.assert_allclose(offsets[talker[5]], baseline.offset(past, clip_set.centre, 2), atol=1e-6)


def test_second_segment_of_a_clip_knows_the_first(prepared: Path):
    random = np.random.default_rng(0)
    stretches = [speech(random, "sad", np.ones(BANDS)) for _ in range(2)]
    write_features(prepared / prepare.dev_name(0), [stretches] * 12)
    clip_set = dev(RECIPE, prepared)
    heard, _ = sessions.cold(RECIPE, clip_set, whole=False)
    first, second = (
        {tuple(c.offset) for c in heard if c.clip == 0 and (c.start < 150) == early} for early in (True, False)
    )
    assert first == {(0.0,) * BANDS}
    expected = baseline.offset(clip_set.versions[0].segment_means[0][:1], clip_set.centre, 2)
    np.testing.assert_allclose(second.pop(), expected, atol=1e-6)


def test_contexts_are_bounded_and_weighted_by_their_frames(prepared: Path):
    clip_set = dev(RECIPE, prepared)
    heard, _ = sessions.cold(RECIPE, clip_set, whole=False)
    mine = [context for context in heard if context.clip == 0]
    assert [context.end - context.start for context in mine] == [80, 30]  # 20 + 60 + 30 frames of at most 80
    net, mapping = network(), feature_map(clip_set)
    alone = [sessions.judge(net, mapping, clip_set, [context])[0] for context in mine]
    together = sessions.judge(net, mapping, clip_set, mine)[0]
    np.testing.assert_allclose(together, (alone[0] * 80 + alone[1] * 30) / 110, atol=1e-5)


def test_judgement_does_not_depend_on_what_shares_the_batch(prepared: Path):
    clip_set = dev(RECIPE, prepared)
    heard, _ = sessions.cold(RECIPE, clip_set, whole=False)
    net, mapping = network(), feature_map(clip_set)
    together = sessions.judge(net, mapping, clip_set, heard)
    for clip in range(3):
        alone = sessions.judge(net, mapping, clip_set, [c for c in heard if c.clip == clip])
        np.testing.assert_allclose(together[clip], alone[clip], atol=1e-5)


def test_clip_without_speech_gets_no_judgement_unless_heard_whole(prepared: Path):
    write_features(
        prepared / prepare.dev_name(0), [[]] + [[speech(np.random.default_rng(0), "sad", np.ones(BANDS))]] * 11
    )
    clip_set = dev(RECIPE, prepared)
    net, mapping = network(), feature_map(clip_set)
    live = sessions.hear(RECIPE, net, mapping, clip_set, whole=False, order=1).logits
    assert np.isnan(live[0]).all() and not np.isnan(live[1:]).any()
    whole = sessions.hear(RECIPE, net, mapping, clip_set, whole=True, order=1).logits
    assert not np.isnan(whole).any()


def test_whole_clip_tells_of_its_talker_by_the_speech_in_it(prepared: Path):
    random = np.random.default_rng(0)
    stretches = [[speech(random, "sad", np.ones(BANDS), frames=12 if clip == 2 else 60)] for clip in range(12)]
    write_features(prepared / prepare.dev_name(0), stretches)
    heard, _ = sessions.cold(RECIPE, dev(RECIPE, prepared), whole=True)
    assert {context.clip for context in heard if not context.is_telling} == {2}


def test_bias_is_that_of_the_segments_before_in_the_same_session_and_goes_with_the_talker(prepared: Path):
    random = np.random.default_rng(0)
    # Of the first clip two segments; the third has too little speech to tell something.
    stretches = [[speech(random, "sad", np.ones(BANDS), frames=12 if clip == 2 else 60)] for clip in range(12)]
    stretches[0].append(speech(random, "angry", np.ones(BANDS)))
    write_features(prepared / prepare.dev_name(0), stretches)
    clip_set = dev(RECIPE, prepared)
    net, mapping = network(), feature_map(clip_set)
    heard, _ = sessions.warm(RECIPE, clip_set, False, np.random.default_rng(0))
    expectation = Expectation(np.array([[0.5, -0.5], [-0.4, 0.4]]), 0.7, 3)
    known = sessions.knowing(RECIPE, net, mapping, clip_set, heard, expectation)
    assert [(each.clip, each.start, each.end) for each in known] == [
        (each.clip, each.start, each.end) for each in heard
    ]
    plain = [sessions.judge(net, mapping, clip_set, [context])[context.clip] for context in heard]
    talkers = {clip.speaker: TalkerBias(20, expectation) for clip in clip_set.clips}
    for _, segment in groupby(zip(known, plain, strict=True), key=lambda pair: pair[0].segment):
        contexts = list(segment)
        talker = talkers[clip_set.clips[contexts[0][0].clip].speaker]
        for context, logits in contexts:
            np.testing.assert_allclose(context.bias, talker.offset, atol=1e-5)
            alone = sessions.judge(net, mapping, clip_set, [context])[context.clip]
            np.testing.assert_allclose(alone, logits - talker.offset, atol=1e-5)
        if contexts[0][0].is_telling:
            lengths = [context.end - context.start for context, _ in contexts]
            talker.add(np.average([logits for _, logits in contexts], axis=0, weights=lengths))
    assert len({each.segment for each in known if each.clip == 0}) == 2
    assert not any(each.is_telling for each in known if each.clip == 2)
    judged = sessions.hear(RECIPE, net, mapping, clip_set, whole=False, order=0, bias=expectation).logits
    np.testing.assert_allclose(judged, sessions.judge(net, mapping, clip_set, known))
    assert np.abs(judged - sessions.judge(net, mapping, clip_set, heard)).max() > 0.01
