"""For every test: one thread for torch, and the same hypothesis examples each time."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before anything imports torch

from hypothesis import settings

settings.register_profile("livenet", derandomize=True, deadline=None, database=None)
settings.load_profile("livenet")
