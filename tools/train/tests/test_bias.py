"""What the network takes a talker for is taken out of what it says of this talker, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from edged_train.bias import LARGEST_PRIOR, Expectation, Spoken, TalkerBias, measure
from edged_train.problem import Problem

MEANS = np.array([[2.0, -1, -1], [-1.5, 2, -0.5], [-0.5, -1.5, 2]])
ANYBODY = Expectation(MEANS, 0.8, 4)


def test_an_unknown_talker_has_none():
    assert not TalkerBias(20, ANYBODY).offset.any()


def test_what_is_expected_is_the_mean_of_the_classes_by_their_likelihoods():
    logits = np.array([0.7, 0.4, -1.1])
    odds = np.array([multivariate_normal(mean, ANYBODY.variance).pdf(logits) for mean in MEANS])
    np.testing.assert_allclose(ANYBODY.of(logits), odds @ MEANS / odds.sum(), rtol=1e-9)


def test_the_first_segments_residual_is_shared_with_no_bias_at_all():
    talker = TalkerBias(20, ANYBODY)
    logits = np.array([0.7, 0.4, -1.1])
    talker.add(logits)
    np.testing.assert_allclose(talker.offset, (logits - ANYBODY.of(logits)) / (1 + ANYBODY.prior))


def test_what_a_talker_always_has_is_found_whatever_is_said():
    random = np.random.default_rng(0)
    own = np.array([0.6, 0.2, -0.8])
    talker = TalkerBias(60, Expectation(MEANS, 0.3, 4))
    for label in random.permutation(60) % 3:
        talker.add(MEANS[label] + own + random.normal(0, 0.3**0.5, 3))
    np.testing.assert_allclose(talker.offset, own * 60 / 64, atol=0.25)


def test_who_says_one_class_only_keeps_it():
    talker = TalkerBias(20, Expectation(MEANS, 0.3, 4))
    for _ in range(40):
        talker.add(MEANS[1])
    np.testing.assert_allclose(talker.offset, 0, atol=0.02)


def test_older_segments_fade():
    talker = TalkerBias(3, ANYBODY)
    for _ in range(3):
        talker.add(MEANS[0] + 1)
    before = talker._sum
    talker.add(MEANS[0])
    expected = (before + MEANS[0] - ANYBODY.of(MEANS[0] - before / 7)) * 3 / 4
    np.testing.assert_allclose(talker._sum, expected)
    np.testing.assert_allclose(talker.offset, expected / 7)


def test_larger_logits_have_a_larger_bias_and_the_same_likelihoods():
    large, small = TalkerBias(20, ANYBODY.times(2.5)), TalkerBias(20, ANYBODY)
    for logits in np.random.default_rng(1).normal(0, 2, (30, 3)):
        small.add(logits)
        large.add(2.5 * logits)
    np.testing.assert_allclose(large.offset, 2.5 * small.offset, rtol=1e-9)


@pytest.mark.parametrize("between", [0.1, 0.4])
def test_means_and_variances_are_those_that_the_talkers_were_made_with(between: float):
    random = np.random.default_rng(2)
    groups = []
    for _ in range(2):
        talkers = np.repeat(np.arange(300), 30)
        labels = random.integers(0, 3, len(talkers))
        biases = random.normal(0, between**0.5, (300, 3))
        logits = MEANS[labels] + biases[talkers] + random.normal(0, 1, (len(talkers), 3))
        # The odds of classes do not know what all logits have in common.
        numbers = np.arange(len(talkers))
        groups.append(Spoken(logits + random.normal(0, 5, (len(talkers), 1)), labels, talkers, numbers))
    found = measure(groups)
    np.testing.assert_allclose(found.means, MEANS - MEANS.mean(1, keepdims=True), atol=0.06)
    assert found.variance == pytest.approx(1, rel=0.03)
    assert found.prior == pytest.approx(1 / between, abs=0.15 / between + 0.5)


def test_a_clip_that_is_judged_again_is_no_further_evidence_of_its_talker():
    random = np.random.default_rng(3)
    talkers, labels = np.repeat(np.arange(500), 6), random.integers(0, 3, 3000)
    logits = MEANS[labels] + random.normal(0, 0.1**0.5, (500, 3))[talkers] + random.normal(0, 1, (3000, 3))
    once = measure([Spoken(logits, labels, talkers, np.arange(3000))])
    again = measure([Spoken(*(np.concatenate([part] * 8) for part in (logits, labels, talkers, np.arange(3000))))])
    # Of six clips the variance within comes out smaller by a sixth where each is judged often; as independent evidence they
    # would leave a prior of 3.
    assert 7 <= once.prior <= 13 and 0.65 * once.prior <= again.prior <= once.prior


def test_talkers_who_are_all_alike_have_the_largest_prior_that_the_device_takes_or_nearly():
    random = np.random.default_rng(3)
    labels = random.integers(0, 3, 4000)
    logits = MEANS[labels] + random.normal(0, 1, (4000, 3))
    assert 20 < measure([Spoken(logits, labels, np.repeat(np.arange(400), 10), np.arange(4000))]).prior <= LARGEST_PRIOR


def test_who_has_said_one_clip_tells_nothing_of_talkers():
    random = np.random.default_rng(4)
    labels = random.integers(0, 3, 3000)
    logits = MEANS[labels] + random.normal(0, 1, (3000, 3))
    several, numbers = Spoken(logits, labels, np.repeat(np.arange(100), 30), np.arange(3000)), np.arange(3000)
    strangers = Spoken(logits, labels, numbers, numbers)
    assert measure([several, strangers]).variance == pytest.approx(measure([several]).variance)
    with pytest.raises(Problem, match="no held-out talker has said two clips"):
        measure([strangers])
