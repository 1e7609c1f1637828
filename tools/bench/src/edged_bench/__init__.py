"""Times edged beside its peers, and compares its integers with LiteRT's."""
