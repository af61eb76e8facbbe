"""The test images with the largest loss."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional

from livenet.pictures import Images, Picture, Plot, grid
from livenet.probes.context import Context
from livenet.probes.images.selection import images, shown_part
from livenet.probes.incomplete import incomplete
from livenet.probes.outputs.evaluated import evaluated
from livenet.probes.outputs.rows import WrongOptions

MAX_BYTES = 24_000


def wrong(context: Context, options: WrongOptions) -> Picture:
    """One plot, ``wrong``: images by their loss −log p(y | x), the largest first, captioned "true →
    predicted"; ids are the images' numbers. Facts: ``losses``, and ``errors``: the number of
    misclassified examples among those that the series uses."""
    part = shown_part(context)
    found = evaluated(context, part)
    x, y = found.x, found.y
    with torch.inference_mode():
        losses = functional.cross_entropy(found.theta, y, reduction="none")  # (N,)
        predicted = context.likelihood.mode(found.theta)
        most = min(options.count, len(x), max(1, MAX_BYTES // x[0].numel()))
        order = losses.nan_to_num(torch.inf).argsort(descending=True, stable=True)[:most]
    names = images(context).names
    truth, taken = y[order].tolist(), predicted[order].tolist()
    mark = Images(
        grid(x[order, 0].cpu().numpy()),
        labels=tuple(
            f"{names[true]} → {names[said]}" if true != said else names[true]
            for true, said in zip(truth, taken, strict=True)
        ),
        right=(np.array(truth) == np.array(taken)).astype(np.int8),
        ids=tuple(str(number) for number in order.tolist()),
    )
    errors = int((predicted != y).sum())
    note = f"{errors:,} of {len(x):,} wrong"
    plot = Plot("wrong", (mark,), title="Largest losses", note=note)
    facts = {
        "errors": errors,
        "losses": [float(loss) for loss in losses[order]],
        **incomplete(found.missing),
    }
    return Picture(context.step, (plot,), facts)
