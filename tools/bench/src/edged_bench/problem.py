"""The one exception that is meant for people."""


class Problem(Exception):
    """Something that cannot be measured, in one sentence: what is wrong, where, and what to do about it."""
