"""f(t(x)) beside t(f(x)): the maps of a shifted image beside the shifted maps of the image."""

from __future__ import annotations

import numpy as np
import torch

from livenet.pictures import Images, Picture, Plot, grid
from livenet.probes.context import Context
from livenet.probes.fit import map_layers
from livenet.probes.images.rows import EquivarianceOptions
from livenet.probes.images.selection import (
    images,
    layer_at,
    network,
    probabilities,
    selected_image,
    subsampled,
    subsampling_note,
)
from livenet.probes.images.theoretical_field import receptive_fields
from livenet.probes.incomplete import incomplete

MAX_BYTES = 6_000  # of one row of maps
MAX_PIXELS = 20_000  # of a map, where one alone has more than that


def equivariance(context: Context, options: EquivarianceOptions) -> Picture:
    """t shifts by (dx, dy) pixels, circularly; the maps of a layer with units j pixels apart are
    shifted by (dx, dy)/j, rounded to whole units.

    Plots ``input`` (x and t(x)), ``maps`` f(x), ``of_shifted`` f(t(x)), ``shifted`` t(f(x)) and
    ``difference``. Facts: ``shift`` [dx, dy]/j, ``whole``, the ``largest`` |difference|, the
    ``share`` of it in the root mean square of f(t(x)); ``predictions`` and ``probabilities`` [of x,
    of t(x)] for the class predicted of x: invariance.
    """
    number = layer_at(context, options.layer, map_layers(context.spec), "feature maps")
    image = selected_image(context, options)
    both = torch.cat([image.pixels, image.pixels.roll((options.dy, options.dx), (2, 3))])
    with torch.inference_mode():
        trace = network(context).trace(both)
    jump = receptive_fields(context.spec)[number - 1].jump
    across, down = options.dx / jump, options.dy / jump
    still, of_shifted = trace[number - 1].h  # (C, H', W') each
    shifted = still.roll((round(down), round(across)), (1, 2))
    difference = of_shifted - shifted
    size = still.shape[1] * still.shape[2]
    shown = max(1, min(options.maps, len(still), MAX_BYTES // size))
    rows = {
        "maps": ("f(x)", still),
        "of_shifted": ("f(t(x))", of_shifted),
        "shifted": ("t(f(x))", shifted),
        "difference": ("f(t(x)) − t(f(x))", difference),
    }
    peak = float(max(still.abs().nan_to_num().max(), 1e-12))  # as in feature_maps
    negative = bool((trace[number - 1].h < 0).any())
    plots = [
        Plot("input", (Images(grid(both[:, 0].cpu().numpy()), columns=2),), title="x and t(x)")
    ]
    every = 1
    for name, (title, maps) in rows.items():
        small, every = subsampled(maps[:shown], MAX_PIXELS)
        signed = negative or name == "difference"
        mark = Images(
            grid(small.cpu().numpy()),
            columns=shown,
            lo=-peak if signed else 0.0,
            hi=peak,
            colors="diverging" if signed else "sequential",
        )
        plots.append(Plot(name, (mark,), title=title))
    theta = trace[-1].h
    before, after = probabilities(theta[:1]), probabilities(theta[1:])
    names = images(context).names
    taken = int(np.argmax(before))
    root = float(of_shifted.double().square().mean().sqrt())
    error = float(difference.double().square().mean().sqrt())
    facts = {
        "layer": number,
        "shift": [float(across), float(down)],
        "whole": across.denominator == 1 and down.denominator == 1,
        "largest": float(difference.abs().max()),
        "share": error / root if root > 0 else None,
        "predictions": [names[taken], names[int(np.argmax(after))]],
        "probabilities": [before[taken], after[taken]],
        **incomplete(subsampling_note(every)),
    }
    return Picture(context.step, tuple(plots), facts)
