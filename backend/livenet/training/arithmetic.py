"""Arithmetic settings, the same in every worker, so that runs continue bit for bit."""

from __future__ import annotations

import torch


def settle() -> None:
    """Sets one thread, and flushes denormal numbers (below 1.2e-38) to 0.

    As a loss approaches 0, gradients and their running squares shrink into that range, where
    arithmetic is many times slower and the numbers are too small to affect training. Applies to
    the calling thread; has no effect if the processor does not support it.
    """
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
