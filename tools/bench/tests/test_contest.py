from edged_bench.contest import Times, hold


def test_every_contestant_has_one_turn_a_round_and_the_first_does_not_count() -> None:
    turns: list[str] = []

    def contestant(name: str):
        def run() -> dict[str, float]:
            turns.append(name)
            return {name: float(len(turns))}

        return run

    times = hold({name: contestant(name) for name in "abc"}, rounds=4)
    assert len(turns) == 15
    for start in range(0, 15, 3):
        assert sorted(turns[start : start + 3]) == ["a", "b", "c"]
    assert all(len(times[name].rounds) == 4 and times[name].least > 3 for name in "abc")


def test_ratio_is_that_of_the_same_round() -> None:
    # The machine was three times slower in the second round, for both.
    ours, theirs = Times([1, 3, 1]), Times([2, 6, 2])
    assert theirs.over(ours) == 2
    assert (theirs * 10 + ours).rounds == [21, 63, 21]
    assert ours.median == 1
