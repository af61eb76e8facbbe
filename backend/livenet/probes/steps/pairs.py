"""Gradients of parameters that are used at every place of a sequence: sums over the places."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class Pair:
    """∂ℓ/∂W = Σ_t left_t right_tᵀ of one parameter; left (B, T, R), right (B, T, C), or None for a
    bias."""

    left: Tensor
    right: Tensor | None

    def of(self, at: int) -> Tensor:
        """∂ℓ/∂W of one example, in the parameter's shape."""
        left = self.left[at]  # (T, R)
        return left.sum(0) if self.right is None else left.T @ self.right[at]

    def each(self, index: tuple[int, ...]) -> Tensor:
        """∂ℓ_i/∂w (B,) of one entry."""
        left = self.left[:, :, index[0]]  # (B, T)
        return (left if self.right is None else left * self.right[:, :, index[1]]).sum(1)
