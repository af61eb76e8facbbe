"""The latent scatter: where the encoder puts each image, coloured by class."""

from __future__ import annotations

import numpy as np

from livenet.models.autoencoder import Vae
from livenet.pictures import Axis, Line, Mark, Picture, Plot, Points, Text, grid
from livenet.probes.codes import class_names, codes, plane, shown_part, window
from livenet.probes.context import Context
from livenet.probes.rows.autoencoders import LatentsOptions

CORNERS = 97  # of a circle


def latents(context: Context, options: LatentsOptions) -> Picture:
    """One plot, ``latents``: μ(x) (or z) of images, with the posterior's σ as ellipses and the
    prior's circles at 1, 2 and 3 σ. Facts: the classes' names, how much of the variance the plane
    has."""
    part = options.part or shown_part(context)
    found = codes(context, part, options.images)
    surface = plane(found)
    at = surface.project(found.mean)  # (N, 2)
    left, right, low, high = window(context, at)
    variational = isinstance(context.model, Vae)
    ellipses = None
    if options.ellipses and found.sigma is not None:
        ellipses = grid(surface.ellipses(found.sigma))
    names = class_names(context)
    scatter = Points(
        grid(at[:, 0]), grid(at[:, 1]), grid(found.classes), lo=0.0, hi=float(len(names) - 1),
        ellipses=ellipses, label="μ(x)" if variational else "z",
    )  # fmt: skip
    circles = tuple(_prior()) if variational else ()
    x, y = surface.names
    plot = Plot(
        "latents",
        (*circles, scatter),
        title=f"Latent space, {part} images",
        note="point μ(x), ellipse σ(x)" if variational else "a point z an image",
        x=Axis(x, left, right),
        y=Axis(y, low, high),
        equal=True,
    )
    facts = {"images": len(at), "dimensions": found.mean.shape[1], "classes": list(names)}
    return Picture(context.step, (plot,), facts | surface.facts())


def _prior() -> list[Mark]:
    """The circles of N(0, I) at 1, 2 and 3 σ, each with its name."""
    angle = np.linspace(0.0, 2 * np.pi, CORNERS)
    found: list[Mark] = []
    for radius in (1, 2, 3):
        x, y = radius * np.cos(angle), radius * np.sin(angle)
        found.append(Line(grid(x), grid(y), color="second", width=0.75))
        found.append(Text(radius * 0.7071, -radius * 0.7071, f"{radius}σ"))
    return found
