"""Runs a probe by name: the function of that name, in the module of that name beside its row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from livenet.errors import ProbeUnfit
from livenet.pictures import Picture
from livenet.probes.context import Context
from livenet.probes.options import options_of
from livenet.probes.table import FOLDERS, PROBES, fitting

FUNCTIONS: dict[str, Callable[[Context, Any], Picture]] = {
    row.kind: getattr(import_module(f"livenet.probes.{folder}.{row.kind}"), row.kind)
    for folder, rows in FOLDERS.items()
    for row in rows
}
"""All are imported with this module, so that no picture waits for an import."""


def run_probe(context: Context, probe: str, given: Mapping[str, Any]) -> Picture:
    """The picture of one probe. Raises UnknownProbe, OptionError or ProbeUnfit."""
    options = options_of(probe, given)
    refusal = PROBES[probe].refusal(context.spec)
    if refusal is not None:
        alternatives = f"Probes that fit this run: {', '.join(fitting(context.spec))}."
        hint = refusal.hint or alternatives
        raise ProbeUnfit(refusal.message, path=refusal.path, hint=hint)
    return FUNCTIONS[probe](context, options)
