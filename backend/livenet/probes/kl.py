"""How much each latent dimension says of the images: its KL to the prior."""

from __future__ import annotations

import numpy as np
import torch

from livenet.models.autoencoder import Vae
from livenet.pictures import Axis, Bars, Picture, Plot, grid
from livenet.probes.codes import MOST_CODES, shown_part
from livenet.probes.context import Context
from livenet.probes.rows.autoencoders import KlOptions
from livenet.training.evidence import kl_by_dimension

MOST = 64  # dimensions that are drawn
ACTIVE = 0.01  # variance of μ over images above which a dimension is in use (Burda et al. 2016)


def kl(context: Context, options: KlOptions) -> Picture:
    """One plot, ``kl``: a bar a dimension, in nats, a mean over images. Facts: their sum, and how
    many dimensions are active: those whose μ has a variance over 0.01 from image to image."""
    model = context.model
    assert isinstance(model, Vae)
    part = options.part or shown_part(context)
    with torch.inference_mode():
        mu, log_variance = model.posterior(context.parts[part][0][:MOST_CODES])
        each = kl_by_dimension(mu.double(), log_variance.double()).mean(0).cpu().numpy()
        spread = mu.double().var(0, correction=0).cpu().numpy()
    names = tuple(f"z{place}" for place in range(1, len(each) + 1))
    note = "nats" if len(each) <= MOST else f"nats, the first {MOST} of {len(each)}"
    high = float(np.nan_to_num(each, nan=0.0, posinf=0.0).max())
    plot = Plot(
        "kl",
        (Bars(grid(each[:MOST]), names[:MOST], horizontal=True),),
        title="KL by latent dimension",
        note=note,
        x=Axis("KL", 0.0, max(high, 0.1), unit="nats"),
    )
    facts = {
        "kl": float(each.sum()),
        "active": int((spread > ACTIVE).sum()),
        "dimensions": len(each),
    }
    return Picture(context.step, (plot,), facts)
