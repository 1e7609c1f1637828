"""Which clips a model is trained on, and which are held out."""

from __future__ import annotations

from dataclasses import dataclass, field

SPLITS = ("auto", "given", "speaker", "random", "leave_one_speaker_out")
"""Values of `data.split`."""


@dataclass(frozen=True)
class Data:
    """The clips, and how they are split."""

    corpus: tuple[str, ...]
    """`crema_d`, `ravdess`, `tess`, `savee`, `emo_db`, `folder` (one per label), `manifest` (TSV), or several."""
    split: str = "auto"
    """`given` by the corpus, `speaker` (whole speakers held out), `leave_one_speaker_out` or `random` (speakers
    shared: reports say so); `auto` is `given` if clips name their part, else `speaker`."""
    dev_share: float = 0.12
    """Share of speakers, or of clips, held out if the split is not given and there are no folds."""
    folds: int = 0
    """Folds into which speakers, or clips, are dealt; 0 for one split. One preparation serves all folds."""
    fold: int = 0
    """Which fold, or which speaker of `leave_one_speaker_out`, is held out."""
    held_out: tuple[str, ...] = ()
    """Speakers of the split's training part to hold out instead; its own dev part is then not used at all. One preparation
    serves any choice, so that their voices may occur in the babble behind other clips."""
    rename: dict[str, str] = field(default_factory=dict)
    """Emotions of a corpus that go by another name here: `rename = { calm = "neutral" }`."""
    drop: tuple[str, ...] = ()
    """Emotions, as renamed, whose clips are left out."""
    copies: bool = False
    """Whether training uses augmented copies of the held-out clips, as in some published figures, to show the effect;
    reports say so."""
    gendered: bool = False
    """Whether classes combine emotion and the speaker's gender: `angry_male`."""
    speaker_pattern: str = ""
    """For `folder`: regular expression on the file name without its extension, whose first group is the speaker: `'^([^_]+)_'` finds anna in
    anna_0001.wav. It may match anywhere in the name. TOML leaves backslashes in single quotes as they are."""
    channel: int = 0
    """The channel used of every recording, counted from 0; `edgectl` and the device also default to 0."""
    skip: tuple[str, ...] = ()
    """File stems left out, for known flaws."""
    title: str = ""
    licence: str = ""
    attribution: str = ""
    languages: tuple[str, ...] = ()

    @property
    def is_folded(self) -> bool:
        """Whether every clip is held out in some fold."""
        return self.folds > 0 or self.split == "leave_one_speaker_out"

    @property
    def stores_all(self) -> bool:
        """Whether every clip is prepared both for training and for evaluation."""
        return self.is_folded or self.copies
