"""The decoded grid: images decoded from a grid of points in the latent plane."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from livenet.models.autoencoder import Vae
from livenet.pictures import Images, Picture, Plot, grid
from livenet.probes.autoencoders.codes import (
    MAX_PIXELS,
    Floats,
    autoencoder,
    codes,
    decoded,
    plain,
    plane,
)
from livenet.probes.autoencoders.rows import LatentGridOptions
from livenet.probes.context import REQUEST_SECONDS, Context, payable
from livenet.probes.incomplete import first_of, full, incomplete
from livenet.spec.cost import forward_flops

USUAL = 14  # images per side
USUAL_PIXELS = 30_000  # in a picture by default: a byte each
TAIL = 0.02  # of the prior (or of the codes) beyond the grid, on each side


def latent_grid(context: Context, options: LatentGridOptions) -> Picture:
    """One plot, ``grid``: mean images at the prior's quantiles 2% to 98% along both axes of the
    plane; for a plain autoencoder, which has no prior, at even steps over 96% of its codes. Facts:
    the coordinates of the columns (``x``) and of the rows from the top (``y``)."""
    model = autoencoder(context)
    fitting = int((USUAL_PIXELS / np.prod(model.image)) ** 0.5)
    most = int(payable(forward_flops(context.spec), REQUEST_SECONDS) ** 0.5)
    room = int((MAX_PIXELS / np.prod(model.image)) ** 0.5)
    requested = options.size or min(USUAL, fitting)
    size = max(2, min(requested, most, room))
    few = full(f"{size} × {size} of {requested} × {requested} images", "Ask for fewer.")
    missing = few if room < min(requested, most) else ""
    found = None
    if not (isinstance(model, Vae) and model.latent == 2):  # the plane is then known without codes
        found = codes(context, budget=context.budget.share(0.5))
    surface = plane(found) if found else plain(2)
    if isinstance(model, Vae):
        steps = np.array([NormalDist().inv_cdf(p) for p in np.linspace(TAIL, 1 - TAIL, size)])
        x, y = steps, steps
        note = "prior quantiles 2% to 98%"
    else:
        assert found is not None
        at = surface.project(found.mean)
        x, y = (_even(at[:, axis], size) for axis in (0, 1))
        note = "over the middle 96% of the codes"
    points = np.stack(np.meshgrid(x, y[::-1]), axis=2).reshape(-1, 2)  # (S², 2), top row first
    images = decoded(context, surface.lift(points))
    rows = max(1, len(images) // size)  # whole ones
    left = first_of(context, rows, size, "rows from the top", "Ask for a smaller grid.")
    plot = Plot(
        "grid",
        (Images(grid(images[: rows * size]), columns=size),),
        title="Decoded grid",
        note=note,
    )
    facts = {"x": [round(float(v), 4) for v in x], "y": [round(float(v), 4) for v in y[::-1]]}
    facts["y"] = facts["y"][:rows]
    facts |= surface.facts() | incomplete(found.missing if found else "", missing, left)
    return Picture(context.step, (plot,), facts)


def _even(values: Floats, size: int) -> Floats:
    """Even steps over a coordinate of the codes, without the tails."""
    sound = values[np.isfinite(values)]
    low, high = np.quantile(sound, [TAIL, 1 - TAIL]) if len(sound) else (-1.0, 1.0)
    return np.linspace(low, high, size)
