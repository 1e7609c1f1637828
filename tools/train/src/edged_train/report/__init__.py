"""One HTML page about a run: its accuracy, calibration, training, and what it hears."""

from edged_train.report.page import write

__all__ = ["write"]
