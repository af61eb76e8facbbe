"""Where dropout applies: what each family asks masks for, in order."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from livenet.models import StepRandom
from livenet.spec import resolve
from livenet.training import Trainer
from tests.models.every import EVERY, small

B = 3


class Asked(StepRandom):
    """Draws nothing, drops nothing, and remembers the shapes."""

    def __init__(self) -> None:
        super().__init__(key=0, step=0, rho=0.5)
        self.shapes: list[tuple[int, ...]] = []

    def mask(self, h: Tensor) -> Tensor:
        self.shapes.append(tuple(h.shape))
        return torch.ones_like(h)


def asked(name: str, **model: Any) -> list[tuple[int, ...]]:
    """The shapes that masks were asked for, in a forward pass over three examples."""
    document = EVERY[name]
    one = Trainer(resolve(small(document | {"model": document.get("model", {}) | model})))
    draws = Asked()
    one.model(one.parts["train"][0][:B], draws)
    return draws.shapes


@pytest.mark.parametrize(
    ("name", "model", "wanted"),
    [
        ("mlp", {"hidden": [5, 4]}, [(B, 5), (B, 4)]),
        ("cnn", {}, [(B, 16, 8, 8), (B, 32, 4, 4)]),  # what each σ gives, before its pool
        ("lstm of reals", {}, [(B, 8, 6), (B, 8, 6)]),
        ("autoencoder", {"hidden": [16, 8]}, [(B, 16), (B, 8), (B, 8), (B, 16)]),
        ("vae", {"hidden": [16, 8]}, [(B, 16), (B, 8), (B, 8), (B, 16)]),
    ],
)
def test_hidden_units_alone(
    name: str, model: dict[str, Any], wanted: list[tuple[int, ...]]
) -> None:
    """Neither what a net predicts, nor a code."""
    assert asked(name, **model) == wanted


def test_a_transformers_input_shares_and_what_is_added() -> None:
    """Of attention A (B, H, T, T) and not of A V, whose heads are 8 wide."""
    stream, shares = (B, 4, 16), (B, 2, 4, 4)
    assert asked("transformer encoder", depth=1, heads=2) == [stream, shares, stream, stream]
