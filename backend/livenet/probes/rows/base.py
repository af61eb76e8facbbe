"""What the catalogue says of a probe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

from livenet.spec.base import Frozen
from livenet.spec.data import Family
from livenet.spec.model import KINDS

MODELS = tuple(str(kind.model_fields["kind"].default) for kind in KINDS)
FAMILIES: tuple[str, ...] = get_args(Family)
DEAR = "; fewer where the net is dear"
"""Of a number of things: a picture is over as many as can be paid for."""


@dataclass(frozen=True)
class ProbeRow:
    """One probe, as the catalogue lists it."""

    kind: str
    label: str
    explain: str
    fits: str
    options: type[Frozen]
    models: tuple[str, ...] = MODELS
    families: tuple[str, ...] = FAMILIES

    def suits(self, model: str, family: str) -> bool:
        """Whether it has something to show of such a model on such data."""
        return model in self.models and family in self.families

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
