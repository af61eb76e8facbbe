"""Random numbers of a run, as pure functions of (seed, purpose, index).

A run has no generator with persistent state: the permutation of epoch e and the dropout masks of
step t are each drawn from a generator seeded for that purpose. So a snapshot holds no generator
state, any step can be replayed from any snapshot before it, and runs that share a process cannot
affect one another. The global generator is never used.
"""

from __future__ import annotations

from hashlib import blake2b

import torch


def number(seed: int, purpose: str, index: int = 0) -> int:
    """A 63-bit seed; a change of any argument gives an unrelated seed."""
    digest = blake2b(f"{seed}/{purpose}/{index}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1


def stream(seed: int, purpose: str, index: int = 0, device: str = "cpu") -> torch.Generator:
    """A fresh generator for one purpose, such as ("epoch", 3)."""
    return torch.Generator(device).manual_seed(number(seed, purpose, index))
