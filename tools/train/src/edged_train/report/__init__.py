"""One HTML page about a run: what it gets right, how sure it is, how it came to be, and what it hears."""

from edged_train.report.page import write

__all__ = ["write"]
