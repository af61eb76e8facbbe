"""Runs a probe by name. A probe's function is looked up beside its row in livenet.probes.table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from livenet.errors import ProbeUnfit
from livenet.pictures import Picture
from livenet.probes.activity import activity
from livenet.probes.attention import attention, entropy
from livenet.probes.attention_cost import attention_cost
from livenet.probes.bound import bound
from livenet.probes.confusion import confusion
from livenet.probes.context import Context
from livenet.probes.continuations import continuations
from livenet.probes.convolution import convolution
from livenet.probes.decision import decision
from livenet.probes.decode import decode
from livenet.probes.equivariance import equivariance
from livenet.probes.feature_maps import feature_maps
from livenet.probes.filters import filters
from livenet.probes.gates import gates
from livenet.probes.gradient_correlation import gradient_correlation
from livenet.probes.gradient_depth import gradient_depth
from livenet.probes.gradient_lag import gradient_lag
from livenet.probes.gradient_variance import gradient_variance
from livenet.probes.head import head
from livenet.probes.kl import kl
from livenet.probes.latent_grid import latent_grid
from livenet.probes.latents import latents
from livenet.probes.network import network
from livenet.probes.neurons import neurons
from livenet.probes.options import options_of
from livenet.probes.receptive_field import receptive_field
from livenet.probes.reconstructions import reconstructions
from livenet.probes.regions import regions
from livenet.probes.samples import samples
from livenet.probes.semi_supervised import semi_supervised
from livenet.probes.shapes import shapes
from livenet.probes.states import states
from livenet.probes.table import PROBES, fitting
from livenet.probes.tokens import tokens
from livenet.probes.weights import weights
from livenet.probes.wrong import wrong

FUNCTIONS: dict[str, Callable[[Context, Any], Picture]] = {
    "decision": decision,
    "neurons": neurons,
    "network": network,
    "weights": weights,
    "activity": activity,
    "regions": regions,
    "shapes": shapes,
    "feature_maps": feature_maps,
    "filters": filters,
    "convolution": convolution,
    "receptive_field": receptive_field,
    "equivariance": equivariance,
    "confusion": confusion,
    "wrong": wrong,
    "gradient_depth": gradient_depth,
    "gradient_correlation": gradient_correlation,
    "latents": latents,
    "latent_grid": latent_grid,
    "reconstructions": reconstructions,
    "samples": samples,
    "decode": decode,
    "kl": kl,
    "bound": bound,
    "gradient_variance": gradient_variance,
    "semi_supervised": semi_supervised,
    "tokens": tokens,
    "states": states,
    "gates": gates,
    "gradient_lag": gradient_lag,
    "continuations": continuations,
    "attention": attention,
    "head": head,
    "entropy": entropy,
    "attention_cost": attention_cost,
}


def look(context: Context, probe: str, given: Mapping[str, Any]) -> Picture:
    """The picture of one probe. Raises UnknownProbe, OptionError or ProbeUnfit."""
    options = options_of(probe, given)
    refusal = PROBES[probe].refusal(context.spec)
    if refusal is not None:
        there = f"Of this run there is: {', '.join(fitting(context.spec))}."
        hint = refusal.hint or there
        raise ProbeUnfit(refusal.message, path=refusal.path, hint=hint)
    return FUNCTIONS[probe](context, options)
