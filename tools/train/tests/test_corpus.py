"""Clips are found, labelled and split as the recipe says."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import small_recipe
from edged_train import corpus, stray
from edged_train.clip import Clip
from edged_train.problem import Problem


def folder(tmp_path: Path) -> Path:
    for label in ("angry", "sad"):
        (tmp_path / label).mkdir()
        for speaker in range(10):
            (tmp_path / label / f"s{speaker}_{label}.wav").touch()
        (tmp_path / label / "notes.txt").touch()
    return tmp_path


def manifest(tmp_path: Path, *rows: str) -> Path:
    """A list, and files of the names in it."""
    path = tmp_path / "list.tsv"
    for row in rows[1:]:
        (tmp_path / row.split("\t")[0]).touch()
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_folder_per_label_gives_each_speaker_to_one_part_only(tmp_path: Path):
    data = {"corpus": "folder", "split": "speaker", "dev_share": 0.2, "speaker_pattern": r"^(s\d+)_"}
    clips = corpus.list_clips(small_recipe(data=data), folder(tmp_path))
    assert len(clips) == 20
    parts = {split: {clip.speaker for clip in clips if clip.split == split} for split in ("train", "dev")}
    assert len(parts["dev"]) == 2
    assert not parts["dev"] & parts["train"]


def test_pattern_is_of_the_name_without_its_extension_and_says_what_it_did_not_match(tmp_path: Path):
    data = {"corpus": "folder", "split": "speaker", "speaker_pattern": r"_([a-z]+)$"}
    (tmp_path / "angry").mkdir()
    for name in ("1_anna.wav", "2_ben.flac"):
        (tmp_path / "angry" / name).touch()
    (tmp_path / "sad").mkdir()
    (tmp_path / "sad" / "3_anna.wav").touch()
    clips = corpus.list_clips(small_recipe(data=data), tmp_path)
    assert sorted(clip.speaker for clip in clips) == ["anna", "anna", "ben"]
    for name in ("4_5.wav", "_.wav"):
        (tmp_path / "sad" / name).touch()
        with pytest.raises(Problem) as caught:
            corpus.list_clips(small_recipe(data=data | {"speaker_pattern": r"(?:_([a-z]+)|_)$"}), tmp_path)
        assert f"{tmp_path / 'sad' / name}: data.speaker_pattern '(?:_([a-z]+)|_)$' finds no speaker" in str(
            caught.value
        )
        assert f"in {name[:-4]!r}, the file's name without its extension" in str(caught.value)
        (tmp_path / "sad" / name).unlink()


def test_who_finds_one_speaker_everywhere_is_told_so(tmp_path: Path):
    root = folder(tmp_path)
    data = {"corpus": "folder", "speaker_pattern": "(s)"}
    with pytest.raises(Problem, match="all 20 clips have the one speaker “s”, so that none can be held out"):
        corpus.list_clips(small_recipe(data=data), root)
    assert len(corpus.list_clips(small_recipe(data=data | {"split": "random"}), root)) == 20


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
    path = manifest(tmp_path, "path\tlabel", *(f"{index}.wav\t{('angry', 'sad')[index % 2]}" for index in range(10)))
    clips = corpus.list_clips(small_recipe(data={"split": "speaker"}), path)
    assert len({clip.speaker for clip in clips}) == 10


def test_skipped_clips_are_left_out(tmp_path: Path):
    path = manifest(tmp_path, "path\tlabel", *(f"{index}.wav\t{('angry', 'sad')[index % 2]}" for index in range(10)))
    clips = corpus.list_clips(small_recipe(data={"split": "random", "skip": ["3"]}), path)
    assert len(clips) == 9


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        (["path\tlabel", "a.wav\tbored"], "'bored' is not among"),
        (["file\tlabel", "a.wav\tangry"], "list.tsv:1: no column is called path: let the first line name"),
        (["path\tlabel", "a.wav"], "list.tsv:2: the column label is blank"),
        (
            ["path\tlabel\tsplit", "a.wav\tangry\ttest", "b.wav\tsad\tdev"],
            "a.wav: its split is 'test': write train or dev",
        ),
        (["path\tlabel\tsplit", "a.wav\tangry\ttrain", "b.wav\tsad\t"], "b.wav: its split is ''"),
        (["path\tlabel\tsplit", "a.wav\tangry\ttrain", "b.wav\tsad\ttrain"], "no dev clips"),
        (["path\tlabel", "a.wav\tangry"], "no clip is sad: list some, or take what has no clips out of the recipe's"),
    ],
)
def test_lists_that_cannot_be_trained_on_are_refused(tmp_path: Path, rows: list[str], complaint: str):
    with pytest.raises(Problem, match=complaint):
        corpus.list_clips(small_recipe(), manifest(tmp_path, *rows))


@pytest.mark.parametrize(
    "second", ["a.wav\tangry\tx\ttrain", "a.wav\tsad\tx\ttrain", "./a.wav\tangry\ty\tdev", "link\tsad\ty\tdev"]
)
def test_file_that_is_listed_twice_is_refused(tmp_path: Path, second: str):
    (tmp_path / "link").symlink_to("a.wav")
    path = manifest(tmp_path, "path\tlabel\tspeaker\tsplit", "a.wav\tangry\tx\ttrain", "b.wav\tsad\ty\tdev", second)
    name = second.partition("\t")[0].removeprefix("./")
    with pytest.raises(Problem, match=f"list.tsv:4: {tmp_path / name} is the file of line 2, too: list it once"):
        corpus.list_clips(small_recipe(), path)


def test_folders_that_are_no_class_are_named(tmp_path: Path):
    root = folder(tmp_path)
    recipe = small_recipe(data={"corpus": "folder", "split": "random"})
    assert stray.folders(recipe, root) == {}
    for name in ("Very sad", "bored", "empty"):
        (root / name).mkdir()
    for number in range(3):
        (root / "bored" / f"{number}.wav").touch()
    (root / "Very sad" / "0.wav").touch()
    assert stray.folders(recipe, {"folder": root}) == {"Very sad": 1, "bored": 3}
    meant = small_recipe(data={"corpus": "folder", "rename": {"Very sad": "sad"}, "drop": ["bored"]})
    assert stray.folders(meant, root) == {}
    assert stray.folders(small_recipe(), root) == {}
    (root / "sad").rename(root / "Sad")
    named = r"Sad \(10 recordings\), Very sad \(1 recording\), bored \(3 recordings\)"
    with pytest.raises(Problem, match=rf"no clip is sad \(folders that are no class: {named}\): list some"):
        corpus.list_clips(recipe, root)
    (root / "angry").rename(root / "Angry")
    with pytest.raises(Problem, match=r"no clips in folders named angry, sad; there are Angry \(10 recordings\), Sad"):
        corpus.list_clips(recipe, root)


def test_list_may_begin_with_a_mark_and_must_be_utf_8(tmp_path: Path):
    path = manifest(tmp_path, "path\tlabel\tspeaker\tsplit", "a.wav\tangry\tZoë\ttrain", "b.wav\tsad\ty\tdev")
    plain = corpus.list_clips(small_recipe(), path)
    listed = path.read_text(encoding="utf-8")
    path.write_text(listed, encoding="utf-8-sig")
    assert corpus.list_clips(small_recipe(), path) == plain
    path.write_text(listed, encoding="latin-1")
    with pytest.raises(Problem, match=r"list\.tsv is not text in UTF-8: save it as such"):
        corpus.list_clips(small_recipe(), path)


def test_file_whose_name_no_list_can_hold_is_refused(tmp_path: Path):
    root = folder(tmp_path)
    (root / "sad" / "h\udcf6h.wav").touch()
    with pytest.raises(Problem) as caught:
        corpus.list_clips(small_recipe(data={"corpus": "folder"}), root)
    assert f"{root}/sad/h\ufffdh.wav: this name is not UTF-8: rename" in str(caught.value)


@pytest.mark.parametrize("mark", ["\t", "\n", "\r", "\x0b", "\u2028"])
def test_names_that_are_several_columns_or_lines_are_refused(tmp_path: Path, mark: str):
    path = manifest(tmp_path, "path\tlabel\tspeaker\tsplit", "a.wav\tangry\tx\ttrain", "b.wav\tsad\ty\tdev")
    listed = path.read_text(encoding="utf-8")
    (tmp_path / f"a{mark}.wav").touch()
    for whole, cell in (("a.wav", f'"a{mark}.wav"'), ("\tx\t", f'\t"x{mark}y"\t')):
        path.write_text(listed.replace(whole, cell), encoding="utf-8", newline="")
        with pytest.raises(Problem, match="holds a tab, a NUL or a line's end, which no list can"):
            corpus.list_clips(small_recipe(), path)


def test_names_with_a_nul_are_refused(tmp_path: Path):
    path = manifest(tmp_path, "path\tlabel\tspeaker\tsplit", "a.wav\tangry\tx\ttrain", "b.wav\tsad\ty\tdev")
    path.write_bytes(path.read_bytes().replace(b"\tx\t", b"\tx\0\t"))
    with pytest.raises(Problem, match="holds a tab, a NUL or a line's end"):
        corpus.list_clips(small_recipe(), path)


def test_a_folder_where_a_list_is_meant_is_refused(tmp_path: Path):
    with pytest.raises(Problem, match="is a folder: give the list itself"):
        corpus.list_clips(small_recipe(), tmp_path)


def test_what_is_written_is_read_back(tmp_path: Path):
    clips = [Clip("a", "x/a.wav", "sad", "s1", "dev"), Clip("b", '"hi".wav', "sad", 'Jo "J" Doe', "train")]
    corpus.write(clips, tmp_path / "clips.tsv")
    lines = (tmp_path / "clips.tsv").read_text(encoding="utf-8").splitlines()
    assert b"\r" not in (tmp_path / "clips.tsv").read_bytes()
    # As `edgectl` reads them.
    assert [line.split("\t")[1] for line in lines] == ["path", "x/a.wav", '"hi".wav']
    assert corpus.read(tmp_path / "clips.tsv") == clips


def test_what_is_left_of_what_was_written_is_not_taken_for_all(tmp_path: Path):
    path = tmp_path / "clips.tsv"
    with pytest.raises(Problem, match=r"cannot read .*clips\.tsv: No such file"):
        corpus.read(path)
    corpus.write([Clip("a", "x/a.wav", "sad", "s1", "dev"), Clip("b", "x/b.wav", "sad", "s2", "train")], path)
    path.write_text(path.read_text().partition("s2")[0])
    with pytest.raises(Problem, match=r"clips\.tsv:3: the column speaker is blank"):
        corpus.read(path)
    path.write_text("name\tpa")
    with pytest.raises(Problem, match=r"clips\.tsv:1: no column is called label or path or speaker or split"):
        corpus.read(path)


def corpora(tmp_path: Path) -> Path:
    """Four corpora under one folder, by the names of their files, and a file that is none of theirs."""
    names = [f"crema/{actor}_DFA_{emotion}_XX.wav" for actor in (1001, 1002) for emotion in ("ANG", "SAD")]
    names += [
        f"ravdess/Actor_{actor}/03-01-0{emotion}-01-01-01-{actor}.wav" for actor in ("01", "02") for emotion in "245"
    ]
    names += [f"savee/{speaker}/{emotion}01.wav" for speaker in ("DC", "JE") for emotion in ("a", "sa")]
    names += ["tess/YAF_dog_angry.wav", "tess/OAF_dog_sad.wav", "tess/readme.wav"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def test_several_corpora_are_joined_by_the_names_of_their_files(tmp_path: Path):
    data = {"corpus": ["crema_d", "ravdess", "savee", "tess"], "split": "speaker", "rename": {"calm": "sad"}}
    clips = corpus.list_clips(small_recipe(data=data), corpora(tmp_path))
    count = {name: sum(clip.corpus == name for clip in clips) for name in data["corpus"]}
    assert count == {"crema_d": 4, "ravdess": 6, "savee": 4, "tess": 2}
    assert sum(clip.label == "sad" for clip in clips) == 9
    assert {clip.speaker for clip in clips} == {"1001", "1002", "Actor_01", "Actor_02", "DC", "JE", "OAF", "YAF"}


def test_dropped_emotions_are_left_out_and_others_refused(tmp_path: Path):
    root = corpora(tmp_path)
    data = {"corpus": "ravdess", "split": "random"}
    assert len(corpus.list_clips(small_recipe(data=data | {"drop": ["calm"]}), root)) == 4
    with pytest.raises(Problem, match=r"'calm' is not among .* data\.rename or in data\.drop"):
        corpus.list_clips(small_recipe(data=data), root)


def test_each_corpus_may_have_a_place_of_its_own(tmp_path: Path):
    root = corpora(tmp_path)
    recipe = small_recipe(data={"corpus": ["savee", "tess"], "split": "speaker"})
    places = corpus.places(recipe, [f"savee={root / 'savee'}", f"tess={root / 'tess'}"])
    assert len(corpus.list_clips(recipe, places)) == 6
    assert corpus.places(recipe, [str(root)]) == root
    with pytest.raises(Problem, match="where is tess"):
        corpus.list_clips(recipe, corpus.places(recipe, [f"savee={root}"]))
    with pytest.raises(Problem, match="write NAME=PATH"):
        corpus.places(recipe, [str(root), f"tess={root}"])
    with pytest.raises(Problem, match=r"no files of tess, .* like OAF_back_angry\.wav"):
        corpus.list_clips(recipe, {"savee": root / "savee", "tess": root / "savee"})


def test_gender_becomes_part_of_the_class_where_the_recipe_asks_for_it(tmp_path: Path):
    root = corpora(tmp_path)
    (root / "crema" / "VideoDemographics.csv").write_text("ActorID,Sex\n1001,Male\n1002,Female\n")
    data = {"corpus": "crema_d", "split": "speaker", "gendered": True}
    classes = [f"{emotion}_{gender}" for emotion in ("angry", "sad") for gender in ("male", "female")]
    words = {name: name.partition("_")[0] for name in classes}
    clips = corpus.list_clips(small_recipe(data=data, classes=classes, labels=words), root / "crema")
    assert {(clip.speaker, clip.label.split("_")[1]) for clip in clips} == {("1001", "male"), ("1002", "female")}
    with pytest.raises(Problem, match="nothing tells the speaker's gender"):
        corpus.list_clips(small_recipe(data=data, classes=classes, labels=words), root)


def test_index_lists_the_corpora_that_the_recipe_names(tmp_path: Path):
    rows = ["dataset\tpath\tspeaker\temotion\tgender\tsplit", "crema_d\ta.opus\t1\tangry\tmale\ttrain"]
    rows += [
        "crema_d\tb.opus\t2\tsad\tfemale\tdev",
        "ravdess\tc.flac\t3\tsad\tmale\ttrain",
        "esc50\td\t\tnone\t\tnoise",
    ]
    (tmp_path / "INDEX.tsv").write_text("\n".join(rows) + "\n")
    clips = corpus.list_clips(small_recipe(data={"corpus": "crema_d"}), tmp_path)
    assert [(clip.label, clip.speaker, clip.split) for clip in clips] == [("angry", "1", "train"), ("sad", "2", "dev")]
    with pytest.raises(Problem, match="lists no clips of tess"):
        corpus.list_clips(small_recipe(data={"corpus": ["crema_d", "tess"]}), tmp_path)
    (tmp_path / "INDEX.tsv").write_text("\n".join([*rows, "crema_d\te.opus\t4"]) + "\n")
    with pytest.raises(Problem, match=r"INDEX\.tsv:6: the column emotion is blank"):
        corpus.list_clips(small_recipe(data={"corpus": "crema_d"}), tmp_path)
