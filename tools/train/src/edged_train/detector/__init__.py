"""The speech detector: a small network behind an energy gate that classifies each frame as speech or noise."""
