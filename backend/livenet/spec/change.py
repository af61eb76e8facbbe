"""Changes of live fields of a spec, by path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from livenet.errors import CommandError, did_you_mean
from livenet.refusals import shown
from livenet.settings import Limits
from livenet.spec.run import DEFAULT_LIMITS, RunSpec, completed
from livenet.spec.size import check_size

LIVE_SECTIONS = ("model", "optimizer", "regularization", "training")
"""The sections of a spec that have live fields; the others never change."""


def live_paths(spec: RunSpec) -> tuple[str, ...]:
    """The paths of this spec that may change without a restart."""
    return tuple(_live_types(spec))


def memoryless(spec: RunSpec, paths: Iterable[str]) -> bool:
    """Whether two successive changes of these live fields at one step have the same effect as the
    second alone.

    This holds for numbers (``float``), which the next step reads from the spec. It does not hold
    for a kind, which resets the fields beside it, and is not assumed for flags and counts:
    ``training.steps`` can end the run.
    """
    types = _live_types(spec)
    return all(types.get(path) is float for path in paths)


def _live_types(spec: RunSpec) -> dict[str, Any]:
    """The declared types of the live fields, by path."""
    found: dict[str, Any] = {}
    for section in LIVE_SECTIONS:
        _collect(getattr(spec, section), section, found)
    return found


def _collect(part: Any, path: str, found: dict[str, Any]) -> None:
    for name, field in type(part).model_fields.items():
        extra = field.json_schema_extra
        hints = extra.get("knob") if isinstance(extra, dict) else None
        if isinstance(hints, dict) and hints["live"]:
            found[f"{path}.{name}"] = field.annotation
            value = getattr(part, name)
            if hasattr(type(value), "model_fields"):
                found[f"{path}.{name}.kind"] = str
                _collect(value, f"{path}.{name}", found)


def changed(
    spec: RunSpec, changes: Mapping[str, object], limits: Limits | None = DEFAULT_LIMITS
) -> RunSpec:
    """The spec with some live fields changed, ``{"optimizer.lr": 0.1}``; ``limits`` as in resolve.

    Raises CommandError for a path that would need a restart, SpecError for a bad value.
    """
    if not changes:
        raise CommandError("changes is empty", path="changes", hint='Say {"optimizer.lr": 0.1}.')
    check_size(changes, CommandError)
    document = spec.document()
    allowed = live_paths(spec)
    # Kinds are changed first: a schedule of another kind has other fields.
    for path in sorted(changes, key=lambda name: not name.endswith(".kind")):
        _put(allowed, document, path, changes[path])
        if path.endswith(".kind"):
            spec = completed(document, limits)
            document, allowed = spec.document(), live_paths(spec)
    return completed(document, limits)


def _stands(document: Any, path: str) -> bool:
    """Whether a document has a field at a path."""
    for name in path.split("."):
        if not isinstance(document, dict) or name not in document:
            return False
        document = document[name]
    return True


def _put(allowed: tuple[str, ...], document: dict[str, Any], path: str, value: object) -> None:
    if path not in allowed:
        if _stands(document, path):
            raise CommandError(
                f"{path} cannot change during a run: it requires a new run",
                path=path,
                hint="Create a new run with the changed spec. Live fields are: "
                + ", ".join(allowed),
            )
        raise CommandError(
            f"A spec has no field {path!r}", path=path, hint=did_you_mean(path, allowed)
        )
    *parents, name = path.split(".")
    part: Any = document
    for parent in parents:
        part = part[parent]
    if not isinstance(part, dict):  # because of another change
        whole = ".".join(parents)
        raise CommandError(
            f"{whole} is an object; given {shown(part)}",
            path=whole,
            hint=f"Give {whole} as an object, or its fields one by one.",
        )
    if name == "kind":
        part.clear()
    part[name] = value
