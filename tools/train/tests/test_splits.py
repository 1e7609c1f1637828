"""Who is held out is who the recipe says, and reports call a split what it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edged_train import splits
from edged_train.clip import Clip
from edged_train.problem import Problem
from edged_train.recipe import Data

CLIPS = [
    Clip(f"{take}", f"{corpus}/{speaker}/{take}.wav", "sad", f"{corpus}{speaker}", "", corpus)
    for corpus, speakers in (("first", 12), ("second", 5))
    for speaker in range(speakers)
    for take in range(4)
]


def speakers(clips: list[Clip], part: str) -> set[str]:
    return {clip.speaker for clip in clips if clip.split == part}


@pytest.mark.parametrize("kind", ["speaker", "random"])
def test_folds_hold_out_every_clip_exactly_once(kind: str):
    data = Data(("first", "second"), split=kind, folds=4)
    dealt = splits.divide(data, 0, CLIPS)
    held = []
    for fold in range(4):
        divided = splits.parts(replace(data, fold=fold), dealt)
        held += [clip.path for clip in divided if clip.split == "dev"]
        disjoint = not speakers(divided, "train") & speakers(divided, "dev")
        assert disjoint == (kind == "speaker")
    assert sorted(held) == sorted(clip.path for clip in CLIPS)


def test_folds_of_speakers_are_of_equal_size_and_of_every_corpus():
    dealt = splits.divide(Data(("first", "second"), split="speaker", folds=4), 0, CLIPS)
    folds = [speakers(dealt, str(fold)) for fold in range(4)]
    assert sorted(map(len, folds)) == [4, 4, 4, 5]
    assert all(sum(name.startswith("first") for name in fold) == 3 for fold in folds)


def test_seed_decides_the_folds():
    data = Data(("first", "second"), split="speaker", folds=4)
    one, again, other = (splits.divide(data, seed, CLIPS) for seed in (0, 0, 1))
    assert one == again
    assert one != other


def test_leave_one_speaker_out_has_a_fold_a_speaker():
    data = Data(("first", "second"), split="leave_one_speaker_out")
    dealt = splits.divide(data, 0, CLIPS)
    held = [speakers(splits.parts(replace(data, fold=fold), dealt), "dev") for fold in range(17)]
    assert all(len(names) == 1 for names in held)
    assert set.union(*held) == {clip.speaker for clip in CLIPS}


def test_every_corpus_gives_its_share_of_the_dev_speakers():
    divided = splits.divide(Data(("first", "second"), split="speaker", dev_share=0.25), 0, CLIPS)
    held = speakers(divided, "dev")
    assert len({name for name in held if name.startswith("first")}) == 3
    assert len({name for name in held if name.startswith("second")}) == 1


def test_auto_takes_a_given_split_and_otherwise_whole_speakers():
    given = [replace(clip, split="dev" if "3.wav" in clip.path else "train") for clip in CLIPS]
    assert splits.divide(Data(("first", "second")), 0, given) == given
    divided = splits.divide(Data(("first", "second")), 0, CLIPS)
    assert not speakers(divided, "train") & speakers(divided, "dev")


@pytest.mark.parametrize("words", [("training", "validation"), ("Train", "Dev"), ("", "test")])
def test_auto_refuses_a_split_in_other_words_rather_than_training_on_whom_it_holds_out(words: tuple[str, str]):
    told = [replace(clip, split=words["3.wav" in clip.path]) for clip in CLIPS]
    first = next(word for word in words if word)
    with pytest.raises(Problem, match=f"its split is '{first}': write train or dev for every clip"):
        splits.divide(Data(("first", "second")), 0, told)
    for data in (Data(("first", "second"), split="speaker"), Data(("first", "second"), folds=4)):
        assert {clip.split for clip in splits.divide(data, 0, told)}.isdisjoint(words)


def test_speakers_held_out_by_name_leave_those_who_train_and_the_split_s_own_dev_part_is_of_no_part():
    given = [replace(clip, split="dev" if clip.corpus == "second" else "train") for clip in CLIPS]
    data = Data(("first", "second"), split="given", held_out=("first3", "first7"))
    parts = splits.parts(data, given)
    assert speakers(parts, "dev") == {"first3", "first7"}
    assert speakers(parts, "train") == {f"first{index}" for index in range(12)} - {"first3", "first7"}
    counts = "40 clips of 10 speakers train, 8 of 2 dev"
    assert (
        splits.describe(data, given)
        == f"speaker-disjoint, held out by name; {counts}; so few talkers tell little about others"
    )
    with pytest.raises(Problem, match="second1 not among the speakers"):
        splits.parts(replace(data, held_out=("first3", "second1")), given)


def test_report_calls_shared_speakers_by_name_whatever_the_recipe_says():
    given = [replace(clip, split="dev" if "3.wav" in clip.path else "train") for clip in CLIPS]
    described = splits.describe(Data(("first", "second"), split="given"), given)
    assert described.startswith("random: 17 of the 17 dev speakers are also heard in training")
    data = Data(("first", "second"), split="speaker", folds=4, fold=1)
    described = splits.describe(data, splits.divide(data, 0, CLIPS))
    assert described.startswith("speaker-disjoint, fold 1 of 4; ")


def test_report_does_not_call_speakers_disjoint_whom_nobody_named():
    nameless = [replace(clip, path=f"/calls/{clip.path}", speaker=clip.path) for clip in CLIPS]
    for kind in ("speaker", "random"):
        data = Data(("first", "second"), split=kind, dev_share=0.25)
        described = splits.describe(data, splits.divide(data, 0, nameless))
        assert described.startswith(
            "speakers unknown: every clip counts as a talker of its own; 51 clips of 51 speakers"
        )
    data = Data(("first", "second"), split="speaker", dev_share=0.25)
    mixed = [*nameless[:8], *CLIPS[8:]]
    described = splits.describe(data, splits.divide(data, 0, mixed))
    assert described.startswith("speaker-disjoint as far as speakers are known: 8 clips, whose speakers are not, count")
    named = splits.describe(data, splits.divide(data, 0, CLIPS))
    assert named.startswith("speaker-disjoint; ")


def test_report_names_copies_of_held_out_clips():
    data = Data(("first", "second"), split="random", copies=True)
    described = splits.describe(data, splits.divide(data, 0, CLIPS))
    assert described.startswith("random, with augmented copies of all dev clips in training: ")


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (Data(("first",), split="given"), "its split is ''"),
        (Data(("first",), split="speaker", folds=40), "only 17 speakers"),
        (Data(("first",), split="speaker", folds=3, fold=3), r"data\.fold must lie in 0…2"),
    ],
)
def test_what_the_clips_cannot_give_is_refused(data: Data, complaint: str):
    with pytest.raises(Problem, match=complaint):
        splits.parts(data, splits.divide(data, 0, CLIPS))
