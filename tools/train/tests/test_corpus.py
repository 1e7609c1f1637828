"""Clips are found, labelled and split as the recipe says."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import small_recipe
from edged_train import corpus
from edged_train.problem import Problem


def folder(tmp_path: Path) -> Path:
    for label in ("angry", "sad"):
        (tmp_path / label).mkdir()
        for speaker in range(10):
            (tmp_path / label / f"s{speaker}_{label}.wav").touch()
        (tmp_path / label / "notes.txt").touch()
    return tmp_path


def manifest(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "list.tsv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_folder_per_label_gives_each_speaker_to_one_part_only(tmp_path: Path):
    data = {"corpus": "folder", "split": "speaker", "dev_share": 0.2, "speaker_pattern": r"^(s\d+)_"}
    clips = corpus.list_clips(small_recipe(data=data), folder(tmp_path))
    assert len(clips) == 20
    parts = {split: {clip.speaker for clip in clips if clip.split == split} for split in ("train", "dev")}
    assert len(parts["dev"]) == 2
    assert not parts["dev"] & parts["train"]


def test_split_is_the_same_for_the_same_seed_and_another_for_another(tmp_path: Path):
    root = folder(tmp_path)
    data = {"corpus": "folder", "split": "random", "dev_share": 0.3}
    first, again, other = (corpus.list_clips(small_recipe(data=data, seed=seed), root) for seed in (0, 0, 1))
    assert first == again
    assert first != other


def test_manifest_paths_are_relative_to_it_and_its_split_is_taken(tmp_path: Path):
    path = manifest(tmp_path, "path\tlabel\tspeaker\tsplit", "a.wav\tangry\tx\ttrain", "b.wav\tsad\ty\tdev")
    clips = corpus.list_clips(small_recipe(), path)
    assert [(clip.path, clip.speaker, clip.split) for clip in clips] == [
        (str(tmp_path / "a.wav"), "x", "train"),
        (str(tmp_path / "b.wav"), "y", "dev"),
    ]


def test_without_speakers_every_clip_is_its_own_talker(tmp_path: Path):
    path = manifest(tmp_path, "path\tlabel", *(f"{index}.wav\tangry" for index in range(10)))
    clips = corpus.list_clips(small_recipe(data={"split": "speaker"}), path)
    assert len({clip.speaker for clip in clips}) == 10


def test_skipped_clips_are_left_out(tmp_path: Path):
    path = manifest(tmp_path, "path\tlabel", *(f"{index}.wav\tangry" for index in range(10)))
    clips = corpus.list_clips(small_recipe(data={"split": "random", "skip": ["3"]}), path)
    assert len(clips) == 9


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        (["path\tlabel", "a.wav\tbored"], "'bored' is not among"),
        (["file\tlabel", "a.wav\tangry"], "the header lacks path"),
        (["path\tlabel", "a.wav\tangry"], "have no split"),
        (["path\tlabel\tsplit", "a.wav\tangry\ttrain"], "no dev clips"),
    ],
)
def test_lists_that_cannot_be_trained_on_are_refused(tmp_path: Path, rows: list[str], complaint: str):
    with pytest.raises(Problem, match=complaint):
        corpus.list_clips(small_recipe(), manifest(tmp_path, *rows))


def test_what_is_written_is_read_back(tmp_path: Path):
    clips = [corpus.Clip("a", "x/a.wav", "sad", "s1", "dev"), corpus.Clip("b", "tab\there.wav", "sad", "s2", "train")]
    corpus.write(clips, tmp_path / "clips.tsv")
    assert corpus.read(tmp_path / "clips.tsv") == clips
