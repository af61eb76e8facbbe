"""Penalties on φ."""

from __future__ import annotations

from torch import Tensor

from livenet.spec.training import Regularization


def penalty(knobs: Regularization, phi: Tensor) -> float:
    """(λ₂/2)·Σφ² + λ₁·Σ|φ| over all parameters, in nats."""
    total = 0.0
    if knobs.l2:
        total += 0.5 * knobs.l2 * float(phi.double().square().sum())
    if knobs.l1:
        total += knobs.l1 * float(phi.double().abs().sum())
    return total


def add_penalty_gradient(knobs: Regularization, phi: Tensor, g: Tensor) -> None:
    """Adds λ₂φ + λ₁ sign φ to g in place."""
    if knobs.l2:
        g.add_(phi, alpha=knobs.l2)
    if knobs.l1:
        g.add_(phi.sign(), alpha=knobs.l1)
