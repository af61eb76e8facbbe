"""A probe's options, checked. No torch: the server refuses them without asking a worker."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from livenet.errors import OptionError, UnknownProbe, did_you_mean
from livenet.probes.table import PROBES
from livenet.spec.base import Frozen


def options_of(probe: str, given: Mapping[str, Any]) -> Frozen:
    """A probe's options, whole. Raises UnknownProbe or OptionError."""
    if probe not in PROBES:
        raise UnknownProbe(
            f"There is no probe {probe!r}", path="probe", hint=did_you_mean(probe, PROBES)
        )
    kind = PROBES[probe].options
    try:
        return kind.model_validate_json(json.dumps(given))
    except (ValidationError, ValueError, TypeError) as error:
        if not isinstance(error, ValidationError):
            raise OptionError("options is a JSON object", path="options") from error
        first = error.errors(include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        path = ".".join(("options", *map(str, first["loc"])))
        raise OptionError(
            f"{path} is {first['input']!r:.80}: {first['msg']}",
            path=path,
            hint=did_you_mean(name, kind.model_fields),
        ) from error
