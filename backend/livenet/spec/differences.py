"""How a spec differs from the default one, as few fields: what a list of runs shows of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from livenet.errors import SpecError
from livenet.spec.run import RunSpec, completed


def differences(spec: RunSpec) -> dict[str, Any]:
    """The fields by path (``{"optimizer.lr": 0.1}``) whose values the spec would not have if only
    the others of the result were given.

    A kind is compared first, and then the other fields of its section with the defaults that this
    kind has: ``{"model.kind": "cnn"}`` is all that differs in a default convolutional network.
    """
    whole = spec.document()
    written: dict[str, Any] = {}
    found: dict[str, Any] = {}
    for section, value in whole.items():
        default = _completed(written)[section]
        if not isinstance(value, Mapping):
            if value != default:
                found[section] = written[section] = value
            continue
        kind = value.get("kind")
        if kind != default.get("kind"):
            found[f"{section}.kind"] = kind
            written[section] = {"kind": kind}
            default = _completed(written, whole)[section]
        found |= _leaves(section, value, default)
        written[section] = value
    return found


def _completed(written: Mapping[str, Any], otherwise: Mapping[str, Any] | None = None) -> Any:
    """The document of a spec with defaults, or of another if these sections make no spec alone."""
    try:
        return completed(written, None).document()
    except SpecError:
        if otherwise is None:
            raise
        return otherwise


def _leaves(path: str, value: object, default: object) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        return {} if value == default else {path: value}
    known = default if isinstance(default, Mapping) else {}
    if value.get("kind") != known.get("kind"):  # fields of another kind are not compared
        known = {}
    found: dict[str, Any] = {}
    for name, part in value.items():
        found |= _leaves(f"{path}.{name}", part, known.get(name))
    return found
