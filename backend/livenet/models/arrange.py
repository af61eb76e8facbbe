"""What a sequence model reads, and what it is scored on."""

from __future__ import annotations

import torch
from torch import Tensor

from livenet.spec.data import DataKind, Pairs

UNSCORED = -1


def arrange(data: DataKind, x: Tensor, y: Tensor, *, causal: bool) -> tuple[Tensor, Tensor]:
    """Inputs (N, T, …) and targets (N, T) of a data set's x and y.

    A pair of source and target, (N, n) each, is one row of 2n symbols for a model that reads from
    left to right: the source, the separator, then the target but for its last symbol. From the
    separator on it is scored on the symbol that follows. All else stays as it is, and so does what
    a model reads that sees all at once.
    """
    if not (isinstance(data, Pairs) and causal):
        return x, y
    separator = torch.full_like(x[:, :1], data.separator)  # (N, 1)
    inputs = torch.cat([x, separator, y[:, :-1]], dim=1)  # (N, 2n)
    return inputs, torch.cat([torch.full_like(x, UNSCORED), y], dim=1)
