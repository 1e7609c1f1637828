"""One labelled recording."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Clip:
    """One recording with one label."""

    name: str
    path: str
    label: str
    speaker: str
    split: str
    """`train`, `dev`, the number of a fold, or empty until `splits.divide` has decided."""
    # Lists written before there were several corpora do not have it.
    corpus: str = field(default="", compare=False)
    """The recipe's corpus that it comes from."""
    # Nor do lists written before recordings had to stay the same.
    digest: str = field(default="", compare=False)
    """The digest of the file when it was first prepared; empty until then."""

    @property
    def names_its_speaker(self) -> bool:
        """Whether the speaker was given; otherwise `speaker` is the clip's path as seen from where `prepare` ran."""
        return self.path != self.speaker and not self.path.endswith(f"/{self.speaker}")
