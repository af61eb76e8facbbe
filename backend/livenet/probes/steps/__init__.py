"""One step of training taken apart: every number of it, and how each came about."""
