"""The inputs of sequence models, and the targets that they are scored on."""

from __future__ import annotations

import torch
from torch import Tensor

from livenet.spec.data import DataKind, Pairs

UNSCORED = -1


def arrange(data: DataKind, x: Tensor, y: Tensor, *, causal: bool) -> tuple[Tensor, Tensor]:
    """Inputs (N, T, …) and targets (N, T) of a data set's x and y.

    For a causal model, a pair of source and target, (N, n) each, becomes one row of 2n symbols:
    the source, the separator, then the target without its last symbol. From the separator on, the
    model is scored on the next symbol. All other data is unchanged, and so are the inputs of a
    model that is not causal.
    """
    if not (isinstance(data, Pairs) and causal):
        return x, y
    separator = torch.full_like(x[:, :1], data.separator)  # (N, 1)
    inputs = torch.cat([x, separator, y[:, :-1]], dim=1)  # (N, 2n)
    return inputs, torch.cat([torch.full_like(x, UNSCORED), y], dim=1)
