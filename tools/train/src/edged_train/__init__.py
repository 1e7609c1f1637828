"""Trains speech emotion models for `edged` with the device's own features and segmentation."""

__version__ = "0.1.0"
