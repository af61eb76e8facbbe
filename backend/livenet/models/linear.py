"""A linear layer without random draws: torch's draws initial weights from the global generator."""

from __future__ import annotations

from torch import nn


class Linear(nn.Linear):
    """W h + b, with W and b zero until the model initializes them."""

    def reset_parameters(self) -> None:
        nn.init.zeros_(self.weight)
        if self.bias is not None:
            nn.init.zeros_(self.bias)
