"""Runs a probe by name. A probe's function is looked up beside its row in livenet.probes.table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from livenet.pictures import Picture
from livenet.probes.context import Context
from livenet.probes.decision import decision
from livenet.probes.network import network
from livenet.probes.neurons import neurons
from livenet.probes.options import options_of
from livenet.probes.regions import regions
from livenet.probes.weights import weights

FUNCTIONS: dict[str, Callable[[Context, Any], Picture]] = {
    "decision": decision,
    "neurons": neurons,
    "network": network,
    "weights": weights,
    "regions": regions,
}


def look(context: Context, probe: str, given: Mapping[str, Any]) -> Picture:
    """The picture of one probe. Raises UnknownProbe, OptionError or ProbeUnfit."""
    options = options_of(probe, given)
    return FUNCTIONS[probe](context, options)
