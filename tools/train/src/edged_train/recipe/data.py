"""Which clips a model is trained on, and who is held out."""

from __future__ import annotations

from dataclasses import dataclass, field

SPLITS = ("auto", "given", "speaker", "random", "leave_one_speaker_out")
"""Values of `data.split`."""


@dataclass(frozen=True)
class Data:
    """Which clips, and who is held out."""

    corpus: tuple[str, ...]
    """`crema_d`, `ravdess`, `tess`, `savee`, `emo_db`, `folder` (one per label), `manifest` (TSV), or several."""
    split: str = "auto"
    """`given` by the corpus, `speaker` (whole speakers held out), `leave_one_speaker_out` or `random` (speakers
    shared: reports say so); `auto` is `given` where clips name their part, else `speaker`."""
    dev_share: float = 0.12
    """Share of speakers, or of clips, held out where the split is not given and there are no folds."""
    folds: int = 0
    """Folds into which speakers, or clips, are dealt; 0 for one split. One preparation serves all folds."""
    fold: int = 0
    """Which fold, or which speaker of `leave_one_speaker_out`, is held out."""
    held_out: tuple[str, ...] = ()
    """Speakers who are held out by name, of those that the split trains on; its own dev part is then not heard at all. One
    preparation serves any, so that they may be among those who babble in the background of other clips."""
    rename: dict[str, str] = field(default_factory=dict)
    """Emotions of a corpus that go by another name here: `rename = { calm = "neutral" }`."""
    drop: tuple[str, ...] = ()
    """Emotions, as renamed, whose clips are left out."""
    copies: bool = False
    """Augmented copies of the held-out clips are trained on, as in some published figures: to show what that does, and
    reports say so."""
    gendered: bool = False
    """Classes are an emotion and the speaker's gender: `angry_male`."""
    speaker_pattern: str = ""
    """For `folder`: regular expression on the file name without its extension, whose first group is the speaker: `'^([^_]+)_'` finds anna in
    anna_0001.wav. It may match anywhere in the name. In TOML single quotes leave backslashes as they are."""
    channel: int = 0
    """Which channel of every recording is heard, counted from 0; `edgectl` and the device hear 0 unless told otherwise, too."""
    skip: tuple[str, ...] = ()
    """File stems left out, for known flaws."""
    title: str = ""
    licence: str = ""
    attribution: str = ""
    languages: tuple[str, ...] = ()

    @property
    def is_folded(self) -> bool:
        """Whether every clip is held out once."""
        return self.folds > 0 or self.split == "leave_one_speaker_out"

    @property
    def stores_all(self) -> bool:
        """Whether every clip is prepared for training and for judging."""
        return self.is_folded or self.copies
