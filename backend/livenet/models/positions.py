"""Positional encodings: sines and cosines with wavelengths in a geometric progression."""

from __future__ import annotations

import torch
from torch import Tensor

LONGEST = 10_000.0  # wavelengths run from 2π to 2π times this


def sinusoidal(steps: int, width: int) -> Tensor:
    """P (T, D): P[t, 2i] = sin(t/10000^{2i/D}), P[t, 2i+1] = cos of the same.

    Vaswani et al. 2017, section 3.5; t counts from 0, D is even.
    """
    place = torch.arange(steps, dtype=torch.float64).unsqueeze(1)  # (T, 1)
    rate = LONGEST ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)  # (D/2,)
    angle = place * rate  # (T, D/2)
    return torch.stack([angle.sin(), angle.cos()], dim=2).flatten(1).float()
