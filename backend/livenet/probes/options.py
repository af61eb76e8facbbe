"""A probe's options, checked. No torch: the server refuses them without asking a worker."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from livenet.errors import LivenetError, OptionError, UnknownProbe, did_you_mean
from livenet.probes.table import PROBES
from livenet.spec.base import Frozen
from livenet.spec.refusal import refusal
from livenet.spec.size import hold


def options_of(probe: str, given: Mapping[str, Any]) -> Frozen:
    """A probe's options, whole. Raises UnknownProbe or OptionError."""
    if probe not in PROBES:
        raise UnknownProbe(
            f"There is no probe {probe!r}", path="probe", hint=did_you_mean(probe, PROBES)
        )
    hold(given, OptionError, "options")
    kind = PROBES[probe].options
    try:
        return kind.model_validate_json(json.dumps(given))
    except (ValidationError, ValueError, TypeError) as error:
        if not isinstance(error, ValidationError):
            raise OptionError("options is a JSON object", path="options") from error
        raise _refused(error, list(kind.model_fields)) from error


def _refused(error: ValidationError, fields: list[str]) -> LivenetError:
    """The first of pydantic's findings, for the person who gave the options."""
    first = error.errors(include_url=False)[0]
    if first["type"] != "extra_forbidden":
        return refusal(error, "options", OptionError)
    name = str(first["loc"][-1])
    allowed = ", ".join(fields) or "none"
    return OptionError(
        f"options.{name} is not an option of this probe; allowed: {allowed}",
        path=f"options.{name}",
        hint=did_you_mean(name, fields),
    )
