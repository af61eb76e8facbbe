"""The information in each latent dimension: its KL divergence to the prior."""

from __future__ import annotations

import numpy as np
import torch

from livenet.models.autoencoder import Vae
from livenet.pictures import Axis, Bars, Picture, Plot, grid
from livenet.probes.autoencoders.codes import MAX_CODES, shown_part
from livenet.probes.autoencoders.rows import KlOptions
from livenet.probes.batching import batch_size, batches
from livenet.probes.context import Context
from livenet.probes.incomplete import first_of, incomplete
from livenet.training.evidence import kl_by_dimension

MAX_DIMENSIONS = 64  # dimensions that are drawn
ACTIVE = 0.05  # nats: below, a dimension has collapsed: its posterior almost equals the prior


def kl(context: Context, options: KlOptions) -> Picture:
    """One plot, ``kl``: a bar per dimension, in nats, the mean over images. Facts: their sum,
    ``active``, the number of dimensions with more than 0.05 nats, and ``collapsed``, the numbers of
    the others, from 1: for every image their posterior almost equals the prior."""
    model = context.model
    assert isinstance(model, Vae)
    part = shown_part(context, options.part)
    inputs = context.parts[part][0][:MAX_CODES]
    total, done = torch.zeros(model.latent, dtype=torch.float64, device=context.device), 0
    with torch.inference_mode():
        for some in batches(context.budget, len(inputs), batch_size(context)):
            mu, log_variance = model.posterior(inputs[some])
            total += kl_by_dimension(mu.double(), log_variance.double()).sum(0)
            done = some.stop
    each = (total / done).cpu().numpy()
    missing = first_of(context, done, len(inputs), f"{part} images", "A smaller net takes less.")
    collapsed = [int(place) + 1 for place in np.flatnonzero(each <= ACTIVE)]
    names = tuple(f"z{place}" for place in range(1, len(each) + 1))
    note = (
        "nats"
        if len(each) <= MAX_DIMENSIONS
        else f"nats, the first {MAX_DIMENSIONS} of {len(each)}"
    )
    high = float(np.nan_to_num(each, nan=0.0, posinf=0.0).max())
    plot = Plot(
        "kl",
        (Bars(grid(each[:MAX_DIMENSIONS]), names[:MAX_DIMENSIONS], horizontal=True),),
        title="KL by dimension",
        note=note,
        x=Axis("KL", 0.0, max(high, 0.1), unit="nats"),
    )
    facts = {
        "kl": float(each.sum()),
        "active": len(each) - len(collapsed),
        "dimensions": len(each),
        "collapsed": collapsed,
        **incomplete(missing),
    }
    return Picture(context.step, (plot,), facts)
