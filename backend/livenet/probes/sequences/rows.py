"""Probes of models on sequences, and of recurrent networks."""

from __future__ import annotations

from pydantic import Field

from livenet.probes.fit import without_continuation, without_gates
from livenet.probes.row import EXPENSIVE, ProbeRow
from livenet.spec.base import Frozen
from livenet.spec.text import Typed

READERS = ("rnn", "transformer")
TEXT = (
    "a sequence in the data's own symbols, or of numbers with spaces between them (addition: a + "
    "before each summand); without one, a test sequence"
)
EXAMPLE = "which test sequence, counted from 0"


class TokensOptions(Frozen):
    text: Typed | None = Field(None, description=TEXT)
    example: int = Field(0, ge=0, description=EXAMPLE)


class StatesOptions(Frozen):
    text: Typed | None = Field(None, description=TEXT)
    example: int = Field(0, ge=0, description=EXAMPLE)
    layer: int | None = Field(None, ge=1, description="which layer; by default the last")
    units: int = Field(32, ge=1, le=512, description="units shown of a layer")


class GatesOptions(Frozen):
    text: Typed | None = Field(None, description=TEXT)
    example: int = Field(0, ge=0, description=EXAMPLE)
    layer: int | None = Field(None, ge=1, description="which layer; by default the last")
    units: int = Field(24, ge=1, le=512, description="units shown of a layer")
    gate: str | None = Field(None, max_length=8, description="only this one, such as f")


class GradientLagOptions(Frozen):
    layer: int | None = Field(None, ge=1, description="which layer; by default the last")
    sequences: int = Field(32, ge=1, le=256, description=f"how many test sequences{EXPENSIVE}")
    relative: bool = Field(False, description="over the norm at lag 0")


class ContinuationsOptions(Frozen):
    prompt: Typed | None = Field(None, description="a text to go on from, or a source to answer")
    temperature: float = Field(0.7, ge=0.0, le=5.0, description="0 takes the likeliest each time")
    length: int = Field(60, ge=1, le=400, description=f"symbols to write, of a text{EXPENSIVE}")
    count: int = Field(3, ge=1, le=8, description="how many continuations")
    example: int = Field(0, ge=0, description=EXAMPLE)
    seed: int = Field(0, ge=0, le=2**31 - 1, description="another seed draws other symbols")


ROWS = (
    ProbeRow(
        "tokens",
        "Predictions",
        "What is predicted at each step of a sequence, how surely, and the loss there.",
        "recurrent networks and transformers",
        TokensOptions,
        models=READERS,
        families=("sequences",),
    ),
    ProbeRow(
        "states",
        "States",
        "The state h of each unit, step by step, with what is predicted from it.",
        "recurrent networks",
        StatesOptions,
        models=("rnn",),
    ),
    ProbeRow(
        "gates",
        "Gates",
        "All that an LSTM or GRU computes at each step: what it keeps, takes in and gives out.",
        "recurrent networks with LSTM or GRU cells",
        GatesOptions,
        models=("rnn",),
        unfit=without_gates,
    ),
    ProbeRow(
        "gradient_lag",
        "Gradient by lag",
        "How much of the loss at the end still reaches the state so many steps before.",
        "recurrent networks",
        GradientLagOptions,
        models=("rnn",),
    ),
    ProbeRow(
        "continuations",
        "Continuations",
        "What the model generates from its own predictions, after a beginning that you type.",
        "recurrent networks and decoder transformers on characters and pairs, recurrent ones on "
        "waves",
        ContinuationsOptions,
        models=READERS,
        families=("sequences",),
        unfit=without_continuation,
    ),
)
