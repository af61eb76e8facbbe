"""Images beside their reconstructions."""

from __future__ import annotations

import numpy as np
import torch

from livenet.pictures import Images, Picture, Plot, grid
from livenet.probes.autoencoders.codes import (
    MAX_PIXELS,
    Array,
    autoencoder,
    likelihood,
    shown_part,
)
from livenet.probes.autoencoders.rows import ReconstructionsOptions
from livenet.probes.batching import batch_size, batches
from livenet.probes.context import Context
from livenet.probes.incomplete import first_of, incomplete


def reconstructions(context: Context, options: ReconstructionsOptions) -> Picture:
    """One plot, ``reconstructions``: in the upper row images as the model reads them, in the lower
    the mean image of each one's code (a VAE's μ). Facts: the images' numbers in their part, their
    mean squared error per pixel."""
    model, part = autoencoder(context), shown_part(context, options.part)
    labels = context.data.test_y if part == "test" else context.data.train_y
    order = in_turns(labels)
    room = max(1, MAX_PIXELS // (2 * int(np.prod(model.image))))
    rows = np.roll(order, -(options.start % len(order)))[: min(options.count, room)]
    inputs = context.parts[part][0][torch.from_numpy(rows)]
    with torch.inference_mode():
        done = [
            likelihood(context).mean(model(inputs[some]))
            for some in batches(context.budget, len(rows), batch_size(context))
        ]
    back = torch.cat(done)  # (N, 1, H, W)
    missing = first_of(context, len(back), len(rows), "images", "Ask for fewer.")
    rows, inputs = rows[: len(back)], inputs[: len(back)]
    error = float((back - inputs).square().mean())
    images = torch.cat([inputs, back]).squeeze(1).cpu().numpy()
    numbers = [int(row) for row in rows]
    plot = Plot(
        "reconstructions",
        (Images(grid(images), columns=len(rows), ids=tuple(str(n) for n in numbers * 2)),),
        title="Input, reconstruction",
        note=f"{len(rows)} {part} images",
    )
    return Picture(context.step, (plot,), {"images": numbers, "mse": error, **incomplete(missing)})


def in_turns(labels: Array) -> Array:
    """Row numbers such that the classes take turns: the first of each class, then the second."""
    by_class = np.argsort(labels, kind="stable")
    _, starts, counts = np.unique(labels[by_class], return_index=True, return_counts=True)
    turn = np.arange(len(labels)) - np.repeat(starts, counts)  # rank in its class, by_class order
    found: Array = by_class[np.argsort(turn, kind="stable")]
    return found
