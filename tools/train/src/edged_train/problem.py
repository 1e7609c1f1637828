"""The one exception that is meant for people."""


class Problem(Exception):
    """Bad input, told in one sentence: what is wrong, where, and what to do about it.

    The command line prints it and exits with status 1; anything else that escapes is a defect.
    """
