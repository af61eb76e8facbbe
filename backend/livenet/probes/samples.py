"""New images: the decoder on codes that nobody encoded."""

from __future__ import annotations

import numpy as np

from livenet.models.autoencoder import Vae
from livenet.pictures import Images, Picture, Plot, grid
from livenet.probes.codes import MOST_PIXELS, autoencoder, codes, decoded
from livenet.probes.context import Context
from livenet.probes.incomplete import first_of, full, incomplete
from livenet.probes.rows.autoencoders import SamplesOptions


def samples(context: Context, options: SamplesOptions) -> Picture:
    """One plot, ``samples``: mean images of z ~ N(0, I). A plain autoencoder has no prior; its z
    come from a normal with the mean and the covariance of its codes, many of them in holes. The
    same seed draws the same noise at every step."""
    model = autoencoder(context)
    noise = np.random.default_rng(options.seed).standard_normal((options.count, model.latent))
    if isinstance(model, Vae):
        z, missing = noise, ""
        title, note = "Samples from the prior, z ~ N(0, I)", ""
    else:
        seen = codes(context, budget=context.budget.share(0.5))
        found, missing = seen.mean, seen.missing
        spread = np.atleast_2d(np.cov(found, rowvar=False, bias=True))
        values, vectors = np.linalg.eigh(spread)
        z = found.mean(0) + (noise * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
        title = "Samples from a normal fitted to the codes"
        note = "it has no prior: z falls into holes between the codes"
    room = max(1, MOST_PIXELS // int(np.prod(model.image)))
    images = decoded(context, z[:room])
    few = min(room, len(z))
    said = incomplete(
        missing,
        first_of(context, len(images), few, "samples", "Ask for fewer."),
        full(f"The first {few} of {len(z)} samples", "Ask for fewer.") if few < len(z) else "",
    )
    plot = Plot(
        "samples",
        (Images(grid(images), columns=options.columns),),
        title=title,
        note=note,
    )
    return Picture(context.step, (plot,), {"seed": options.seed, **said})
