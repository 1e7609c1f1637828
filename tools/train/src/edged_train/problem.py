"""The one exception that is meant for people."""

import unicodedata

COMMANDS = "Cc"
"""The category of Unicode that commands a terminal."""

DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""What turns the direction of writing, so that text seems to say something else."""


class Problem(Exception):
    """Bad input, told in one sentence: what is wrong, where, and what to do about it.

    The command line prints it and exits with status 1; anything else that escapes is a defect.
    """

    def __str__(self) -> str:
        """The sentence in one line, whatever a file is called, without what would command a terminal."""
        return "".join(
            "\ufffd" if unicodedata.category(character) == COMMANDS or character in DIRECTIONS else character
            for character in " ".join(super().__str__().splitlines()).replace("\t", " ")
        )
