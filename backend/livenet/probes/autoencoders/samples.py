"""New images, decoded from random codes."""

from __future__ import annotations

import numpy as np

from livenet.pictures import Images, Picture, Plot, grid
from livenet.probes.autoencoders.code_sampling import distances, sample_codes, source_of
from livenet.probes.autoencoders.codes import MAX_PIXELS, autoencoder, codes, decoded
from livenet.probes.autoencoders.rows import SamplesOptions
from livenet.probes.context import Context
from livenet.probes.incomplete import first_of, full, incomplete

TITLES = {
    "prior": "Samples, z ~ N(0, I)",
    "codes": "Samples from a normal fitted to the codes",
}


def samples(context: Context, options: SamplesOptions) -> Picture:
    """One plot, ``samples``: mean images of codes z drawn from the prior N(0, I), or from a normal
    with the mean and the covariance of the codes, each with its distance to the nearest code of an
    image: a plain autoencoder's z fall into gaps between codes. The same seed draws the same noise
    at every step. Facts: ``seed``, ``source``, ``distances``, and ``searched``, the images among
    which the nearest code is searched.
    """
    source = source_of(context, options.source)
    found = codes(context, budget=context.budget.share(0.5))
    z = sample_codes(context, source, options.count, options.seed, found)
    room = max(1, MAX_PIXELS // int(np.prod(autoencoder(context).image)))
    images = decoded(context, z[:room])
    away = distances(z, found)[: len(images)]
    few = min(room, len(z))
    said = incomplete(
        found.missing,
        first_of(context, len(images), few, "samples", "Ask for fewer."),
        full(f"The first {few} of {len(z)} samples", "Ask for fewer.") if few < len(z) else "",
    )
    captions = tuple(f"{one:.2g}" for one in away)
    plot = Plot(
        "samples",
        (Images(grid(images), captions, columns=options.columns),),
        title=TITLES[source],
        note=f"below each, how far its z is from the nearest of {found.searched}",
    )
    facts = {"seed": options.seed, "source": source, "distances": away.tolist()}
    facts["searched"] = found.searched
    return Picture(context.step, (plot,), facts | said)
