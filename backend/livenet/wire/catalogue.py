"""The catalogue's document: all kinds that a spec may name, with the data for controls.

``livenet.catalogue`` makes it as plain JSON values; a test checks every row against these types.
The page's types and the OpenAPI document are generated from them.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from livenet.settings import Limits
from livenet.spec.base import Scale
from livenet.spec.data.base import Family, Target
from livenet.spec.objective import Shown
from livenet.spec.run import RunSpec
from livenet.wire.documents import Document

Inputs = Literal[1, 2]
KnobType = Literal[
    "integer",
    "number",
    "boolean",
    "text",
    "choice",
    "layers",
    "blocks",
    "features",
    "activations",
    "initializers",
    "schedules",
]
"""The kind of a field's control."""


class Knob(Document):
    """A field with a control."""

    path: str
    name: str
    type: KnobType
    choices: list[str] | None
    """An option of a choice."""
    nullable: bool
    label: str
    symbol: str
    """LaTeX."""
    explain: str
    unit: str
    default: Any
    min: float | None
    max: float | None
    exclusive_min: bool
    exclusive_max: bool
    shown: tuple[float, float] | tuple[None, None]
    """The range of the slider; nulls for other controls."""
    step: float | None
    when: dict[str, list[str]]
    """Other fields of the same part, and their values for which this field has an effect."""
    scale: Scale
    restart: bool
    """Whether a change restarts the run."""


class RowKnob(Document):
    """A knob of a row of a table, such as the α of a leaky ReLU."""

    name: str
    default: float
    min: float
    max: float
    symbol: str
    explain: str


class KindRow(Document):
    """A member of a discriminated union of the spec."""

    kind: str
    label: str
    explain: str
    formula: str
    """LaTeX."""
    knobs: list[Knob]
    json_schema: dict[str, Any] = Field(alias="schema")


class Preview(Document):
    """A few examples of a data set: the coordinates of each, and its class or value."""

    x: list[list[float]]
    y: list[float]


class DataRow(KindRow):
    """A data set."""

    family: Family
    model: str
    """The default kind of model."""
    target: Target
    inputs: Inputs | None
    """Coordinates of a point; null if examples are not points."""
    class_names: list[str] | None
    """The names of an image's classes."""
    preview: Preview | None


class ModelRow(KindRow):
    """A family of models."""

    families: list[Family]
    objectives: dict[str, list[str]]
    """By the data's kind, the default first."""


class Link(Document):
    """The inverse link from a network's output to the likelihood's parameter."""

    label: str
    formula: str
    """LaTeX; empty for the identity."""


class ObjectiveRow(KindRow):
    """An objective, and the description of its prediction."""

    targets: list[Target]
    """The kinds of targets that it supports."""
    symbol: str
    """LaTeX: the symbol of the network's output."""
    shows: Shown
    """The quantity in a map of the output."""
    prediction: str
    link: Link
    pixels: str
    """LaTeX of −log p(x | z) over an image's pixels; empty if images do not support it."""


class FeatureRow(Document):
    """An input feature of a point."""

    kind: str
    label: str
    formula: str
    inputs: Inputs
    """The least number of coordinates."""
    linear: bool


class InitializerRow(Document):
    """A weight initializer."""

    kind: str
    label: str
    formula: str
    explain: str
    knobs: list[RowKnob]


class ActivationRow(InitializerRow):
    """An activation function."""

    derivative: str
    piecewise_linear: bool


class ProbeRow(Document):
    """A probe."""

    kind: str
    label: str
    explain: str
    fits: str
    models: list[str]
    families: list[Family]
    options: dict[str, Any]
    """The JSON Schema of its options."""


class PresetRow(Document):
    """An example run."""

    kind: str
    label: str
    explain: str
    spec: dict[str, Any]
    """A part of a spec."""
    panel: str | None
    """The tab below the curves that shows its subject."""


class Catalogue(Document):
    """Everything that a spec may name, the server's limits, and the spec's JSON Schema."""

    version: str
    default: RunSpec
    """The resolved spec of ``{}``."""
    seed: Knob
    arithmetic: Knob
    data: list[DataRow]
    models: list[ModelRow]
    blocks: list[KindRow]
    """Of a convolutional network."""
    features: list[FeatureRow]
    activations: list[ActivationRow]
    initializers: list[InitializerRow]
    objectives: list[ObjectiveRow]
    optimizers: list[KindRow]
    schedules: list[KindRow]
    regularization: list[Knob]
    training: list[Knob]
    probes: list[ProbeRow]
    presets: list[PresetRow]
    limits: Limits
    json_schema: dict[str, Any] = Field(alias="schema")
