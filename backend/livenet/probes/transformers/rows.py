"""Probes of transformers."""

from __future__ import annotations

from pydantic import Field

from livenet.probes.row import EXPENSIVE, ProbeRow
from livenet.probes.sequences.rows import EXAMPLE, TEXT
from livenet.spec.base import Frozen
from livenet.spec.text import Typed

ONLY = ("transformer",)


class AttentionOptions(Frozen):
    text: Typed | None = Field(None, description=TEXT)
    example: int = Field(0, ge=0, description=EXAMPLE)
    layer: int | None = Field(None, ge=1, description="only this layer; by default all")


class HeadOptions(Frozen):
    text: Typed | None = Field(None, description=TEXT)
    example: int = Field(0, ge=0, description=EXAMPLE)
    layer: int | None = Field(None, ge=1, description="which layer; by default the last")
    head: int = Field(1, ge=1, description="which head of the layer")


class EntropyOptions(Frozen):
    sequences: int = Field(
        32, ge=1, le=256, description=f"test sequences that are averaged over{EXPENSIVE}"
    )


class AttentionCostOptions(Frozen):
    most: int | None = Field(
        None, ge=2, le=100_000, description="places that the curves reach to; by default enough"
    )


ROWS = (
    ProbeRow(
        "attention",
        "Attention",
        "The attention weights of every head, with the task's ideal pattern outlined.",
        "transformers",
        AttentionOptions,
        models=ONLY,
    ),
    ProbeRow(
        "head",
        "One head",
        "Q, K and V of one head, its scores QKᵀ/√d before the softmax and its attention A after.",
        "transformers",
        HeadOptions,
        models=ONLY,
    ),
    ProbeRow(
        "entropy",
        "Entropy of heads",
        "How spread out each head's attention is: 0 nats is a single position.",
        "transformers",
        EntropyOptions,
        models=ONLY,
    ),
    ProbeRow(
        "attention_cost",
        "Cost against T",
        "Operations of a layer by the length T: attention grows with T², all else with T.",
        "transformers",
        AttentionCostOptions,
        models=ONLY,
    ),
)
