"""The latent scatter plot: the code of each image, coloured by class."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from livenet.models.autoencoder import Vae
from livenet.pictures import Axis, Line, Mark, Picture, Plot, Points, Text, grid
from livenet.probes.autoencoders.code_sampling import distances, sample_codes, source_of
from livenet.probes.autoencoders.codes import Floats, class_names, codes, plane, shown_part, window
from livenet.probes.autoencoders.rows import LatentsOptions
from livenet.probes.context import Context
from livenet.probes.incomplete import incomplete

CORNERS = 97  # of a circle
RADII = (1, 2, 3)
CROSS = 0.012  # of the window's side, from a sample's center to its corners


def latents(context: Context, options: LatentsOptions) -> Picture:
    """One plot, ``latents``: μ(x) (or z) of images, with the posterior's σ as ellipses and the
    prior's circles at 1, 2 and 3 σ. Facts: the classes' names, the plane's share of the variance.
    With ``options.samples``, it adds as crosses the codes that the probe ``samples`` draws from the
    same source and seed, and their ``distances`` to the nearest code of the drawn images
    (``searched``)."""
    part = shown_part(context, options.part)
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
    circles, names_of_circles = _prior() if variational else ((), ())
    crosses: tuple[Mark, ...] = ()
    facts: dict[str, Any] = {"images": len(at), "dimensions": found.mean.shape[1]}
    if options.samples:
        source = source_of(context, options.source)
        z = sample_codes(context, source, options.samples, options.seed, found)
        crosses = (_crosses(surface.project(z), right - left),)
        facts["distances"] = distances(z, found).tolist()
        facts["searched"] = found.searched
    x, y = surface.names
    plot = Plot(
        "latents",
        (*circles, scatter, *crosses, *names_of_circles),
        title=f"Latent space, {part} images",
        note="μ(x), ellipse σ(x)" if variational else "a point z an image",
        x=Axis(x, left, right),
        y=Axis(y, low, high),
        equal=True,
    )
    facts |= {"classes": list(names)} | surface.facts() | incomplete(found.missing)
    return Picture(context.step, (plot,), facts)


def _crosses(at: Floats, width: float) -> Line:
    """A cross at each point (N, 2), as one broken line."""
    arm = CROSS * width
    corners = np.array([[-arm, -arm], [arm, arm], [np.nan, np.nan]] * 2)
    corners[3:, 1] *= -1.0
    points = (at[:, None] + corners).reshape(-1, 2)
    return Line(grid(points[:, 0]), grid(points[:, 1]), color="ink", width=1.5)


@cache
def _prior() -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
    """The circles of N(0, I) at 1, 2 and 3 σ, and the name of each."""
    angle = np.linspace(0.0, 2 * np.pi, CORNERS)
    x, y = np.cos(angle), np.sin(angle)
    return (
        tuple(Line(grid(r * x), grid(r * y), color="third", width=0.75) for r in RADII),
        tuple(Text(r * 0.7071, -r * 0.7071, f"{r}σ") for r in RADII),
    )
