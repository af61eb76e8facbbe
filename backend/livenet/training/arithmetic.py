"""How this process computes, the same wherever a run is trained, so that it goes on bit for bit."""

from __future__ import annotations

import torch


def settle() -> None:
    """One thread, in which numbers too small for 24 bits (below 1.2e-38) become 0.

    As a loss approaches 0, gradients and their running squares shrink into that range, where a
    processor takes many times as long over each of them and nothing is learnt from any. Holds for
    the calling thread; where the processor cannot, nothing changes.
    """
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
