"""Units, weights and sizes of a network."""
