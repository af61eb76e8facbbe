"""The linear regions of piecewise linear networks."""
