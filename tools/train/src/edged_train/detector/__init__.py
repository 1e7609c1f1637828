"""The speech detector: a small network behind the energy gate, trained to tell speech from noise frame by frame."""
