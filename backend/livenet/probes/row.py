"""A probe's entry in the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_args

from livenet.errors import ProbeUnfit
from livenet.spec.base import Frozen, kind_of
from livenet.spec.data import Family
from livenet.spec.model import KINDS
from livenet.spec.run import RunSpec

MODELS = tuple(map(kind_of, KINDS))
FAMILIES: tuple[str, ...] = get_args(Family)
EXPENSIVE = "; fewer if the network is expensive"
"""The note of options for a count: a picture uses as many as its time allows."""


def always(spec: RunSpec) -> ProbeUnfit | None:
    """A probe that fits all runs of its models and families."""
    return None


@dataclass(frozen=True)
class ProbeRow:
    """One probe, as the catalogue lists it.

    ``models`` and ``families`` (of data) are those that it fits, ``unfit`` refuses some of the
    specs that these admit (livenet.probes.fit), and ``fits`` describes the conditions in text.
    """

    kind: str
    label: str
    explain: str
    fits: str
    options: type[Frozen]
    models: tuple[str, ...] = MODELS
    families: tuple[str, ...] = FAMILIES
    unfit: Callable[[RunSpec], ProbeUnfit | None] = always

    def refusal(self, spec: RunSpec) -> ProbeUnfit | None:
        """The error for a run that the probe does not fit; None if it fits."""
        model, family = spec.model.kind, spec.data.family
        if model in self.models and family in self.families:
            return self.unfit(spec)
        return ProbeUnfit(
            f"{self.kind} fits {self.fits}; this run has a model of kind {model!r} on {family}",
            path="probe",
        )

    def suits(self, spec: RunSpec) -> bool:
        """Whether the probe fits such a run."""
        return self.refusal(spec) is None

    def document(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "label": self.label,
            "explain": self.explain,
            "fits": self.fits,
            "models": list(self.models),
            "families": list(self.families),
            "options": self.options.model_json_schema(),
        }
