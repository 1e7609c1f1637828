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
    """Which of the recipe's corpora it is of."""

    @property
    def names_its_speaker(self) -> bool:
        """Whether anybody said who speaks: the speaker of a clip that nobody did is its file, as it was named from where `prepare` ran."""
        return self.path != self.speaker and not self.path.endswith(f"/{self.speaker}")
