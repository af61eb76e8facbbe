"""Checks a probe's options. No torch: the server refuses bad ones without a worker."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from livenet.errors import OptionError, UnknownProbe, did_you_mean
from livenet.probes.table import PROBES
from livenet.refusals import shown
from livenet.spec.base import Frozen
from livenet.spec.refusal import refusal
from livenet.spec.size import check_size

KEPT = 1024  # checked options; they are asked for again with every picture
_kept: dict[tuple[Any, ...], Frozen] = {}


def options_of(probe: str, given: Mapping[str, Any]) -> Frozen:
    """A probe's options, with defaults. Raises UnknownProbe or OptionError."""
    try:
        key = (probe, *((name, type(value), value) for name, value in given.items()))
        found = _kept.get(key)
    except (AttributeError, TypeError):  # it is no object, or has a list
        return _checked(probe, given)
    if found is None:
        if len(_kept) >= KEPT:
            _kept.clear()
        found = _kept[key] = _checked(probe, given)
    return found


def _checked(probe: str, given: Mapping[str, Any]) -> Frozen:
    if probe not in PROBES:
        raise UnknownProbe(
            f"There is no probe {probe!r}", path="probe", hint=did_you_mean(probe, PROBES)
        )
    check_size(given, OptionError, "options")
    kind = PROBES[probe].options
    try:
        return kind.model_validate_json(json.dumps(given))
    except (ValidationError, ValueError, TypeError) as error:
        if not isinstance(error, ValidationError):
            raise OptionError(
                f"options is {shown(given)}; it must be an object of JSON values",
                path="options",
                hint='Give a JSON object, such as {"resolution": 100}.',
            ) from error
        raise refusal(error, kind, "options", OptionError) from error
