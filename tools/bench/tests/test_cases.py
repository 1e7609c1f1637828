from fractions import Fraction
from math import ceil, floor

import numpy as np

from edged_bench import cases, planes
from edged_bench.cases import Products
from edged_bench.litert import LiteRT


def _away(value: Fraction) -> int:
    return floor(value + Fraction(1, 2)) if value >= 0 else ceil(value - Fraction(1, 2))


def test_one_rounding_takes_halves_away_from_zero() -> None:
    sums = list(range(-40, 41))
    products = Products(sums, [1 << 30] * 81, [33] * 81, zero=0, least=-128)
    assert products.rounded_away().tolist() == [_away(Fraction(value, 8)) for value in sums]


def test_two_roundings_go_wrong_just_below_a_half() -> None:
    # (2³³ − 1) / 2³⁴ is a little less than a half. Over 2³¹ it rounds to 4, and 4 / 8 is a half: up to 1.
    value = (1 << 33) - 1
    products = Products([value], [1], [34], zero=0, least=-128)
    assert products.rounded_away().tolist() == [0]
    assert products.rounded_twice().tolist() == [1]


def test_results_are_codes() -> None:
    products = Products([10**6, -(10**6)], [1 << 30] * 2, [31] * 2, zero=-5, least=-5)
    assert products.rounded_twice().tolist() == [127, -5]


def test_litert_computes_what_the_definition_says() -> None:
    makers = [cases.convolution, cases.dense, cases.max_pooling, cases.mean_pooling, cases.softmax]
    makers += [planes.convolution, planes.max_pooling, planes.average_pooling]
    makers.append(lambda random: planes.convolution(random, depthwise=True))
    for make in makers:
        for seed in range(10):
            case = make(np.random.default_rng(seed))
            reference = LiteRT(case.file, reference=True)
            reference.set(case.input)
            reference.invoke()
            least = -128 if case.products is None else case.products.least
            wanted = np.clip(case.exact, least, 127)
            assert np.abs(reference.output().reshape(-1) - wanted).max() <= 1.01, case.kind
