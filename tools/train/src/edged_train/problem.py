"""The one exception that is meant for users."""

import unicodedata

COMMANDS = "Cc"
"""The Unicode category of control characters, which can command a terminal."""

DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Characters that change the direction of text, which can disguise it."""


class Problem(Exception):
    """Bad input, described in one sentence: what is wrong, where, and what to do about it.

    The command line prints it and exits with status 1; any other uncaught exception is a bug.
    """

    def __str__(self) -> str:
        """The sentence on one line, whatever a file is called, without control characters."""
        return "".join(
            "\ufffd" if unicodedata.category(character) == COMMANDS or character in DIRECTIONS else character
            for character in " ".join(super().__str__().splitlines()).replace("\t", " ")
        )
