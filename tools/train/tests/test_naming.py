"""File names of published corpora say what their authors meant by them."""

from __future__ import annotations

from pathlib import Path

import pytest

from edged_train import naming
from edged_train.naming import NAMINGS, Named


@pytest.mark.parametrize(
    ("corpus", "path", "expected"),
    [
        ("crema_d", "1001_DFA_ANG_XX.wav", Named("1001", "angry")),
        ("crema_d", "1040_ITH_SAD_X.wav", Named("1040", "sad")),
        ("crema_d", "1091_IEO_DIS_HI.wav", Named("1091", "disgust")),
        ("ravdess", "Actor_12/03-01-06-01-02-01-12.wav", Named("Actor_12", "fear", "female")),
        ("ravdess", "03-01-02-02-01-01-01.wav", Named("Actor_01", "calm", "male")),
        ("ravdess", "03-01-08-02-01-01-23.wav", Named("Actor_23", "surprise", "male")),
        ("tess", "OAF_back_angry.wav", Named("OAF", "angry", "female")),
        ("tess", "YAF_gaze_ps.wav", Named("YAF", "surprise", "female")),
        ("tess", "OA_bite_neutral.wav", Named("OAF", "neutral", "female")),
        ("savee", "DC/sa03.wav", Named("DC", "sad", "male")),
        ("savee", "KL_su11.wav", Named("KL", "surprise", "male")),
        ("savee", "JE/a01.wav", Named("JE", "angry", "male")),
        ("emo_db", "03a01Fa.wav", Named("03", "happy", "male")),
        ("emo_db", "16b10Wb.wav", Named("16", "angry", "female")),
        ("emo_db", "08a07La.wav", Named("08", "boredom", "female")),
    ],
)
def test_name_tells_speaker_emotion_and_gender(corpus: str, path: str, expected: Named):
    assert NAMINGS[corpus].parse(Path(path)) == expected


@pytest.mark.parametrize(
    ("corpus", "path"),
    [
        ("crema_d", "1001_DFA_BOR_XX.wav"),
        ("crema_d", "noise.wav"),
        ("ravdess", "03-02-06-01-02-01-12.wav"),  # sung
        ("ravdess", "02-01-06-01-02-01-12.wav"),  # video
        ("ravdess", "03-01-09-01-02-01-12.wav"),
        ("tess", "back_angry.wav"),
        ("savee", "someone/a01.wav"),
        ("savee", "DC/x01.wav"),
        ("emo_db", "07a01Fa.wav"),
    ],
)
def test_other_files_are_no_clips(corpus: str, path: str):
    assert NAMINGS[corpus].parse(Path(path)) is None


def test_no_name_is_taken_for_one_of_another_corpus():
    for corpus, known in NAMINGS.items():
        path = Path(known.example.split(" or ")[0])
        assert [name for name, other in NAMINGS.items() if other.parse(path)] == [corpus]


def test_demographics_of_crema_d_tell_the_gender(tmp_path: Path):
    assert naming.crema_d_genders(tmp_path) == {}
    (tmp_path / "VideoDemographics.csv").write_text("ActorID,Age,Sex,Race,Ethnicity\n1001,51,Male,Caucasian,No\n")
    assert naming.crema_d_genders(tmp_path) == {"1001": "male"}
