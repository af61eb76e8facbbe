"""The entropy of each head's attention in a transformer."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from livenet.models.attention import entropy as entropy_of
from livenet.pictures import Axis, Bars, Picture, Plot, grid
from livenet.probes.batching import batch_size, batches
from livenet.probes.context import REQUEST_SECONDS, Context, payable
from livenet.probes.finite import finite
from livenet.probes.incomplete import first_of, incomplete
from livenet.probes.transformers.attention import (
    MAX_NUMBERS,
    most_entropy,
    traced,
    transformer,
)
from livenet.probes.transformers.rows import EntropyOptions
from livenet.spec.cost import forward_flops


def entropy(context: Context, options: EntropyOptions) -> Picture:
    """Plot ``entropy``: a bar per head, the mean over queries and test sequences, in nats.

    Facts: ``entropy`` by "layer.head" and ``entropy_most``.
    """
    model = transformer(context)
    count = min(options.sequences, payable(forward_flops(context.spec), REQUEST_SECONDS))
    inputs, _ = context.examples(count)
    places = inputs.shape[1]
    held = MAX_NUMBERS // (2 * model.spec.heads * places**2)  # scores and A
    totals: list[Tensor] = []
    done = 0
    with torch.inference_mode():
        for some in batches(context.budget, len(inputs), max(1, min(held, batch_size(context)))):
            sums = [entropy_of(one.attention).mean(2).sum(0) for one in traced(model, inputs[some])]
            totals = [a + b for a, b in zip(totals, sums, strict=True)] if totals else sums
            done = some.stop
    means = [(total / done).cpu().numpy() for total in totals]
    missing = first_of(context, done, len(inputs), "sequences", "Ask for fewer.")
    names = [f"{n}.{h + 1}" for n, heads in enumerate(means, start=1) for h in range(len(heads))]
    values = np.concatenate(means)
    most = most_entropy(places, model.spec.causal)
    plot = Plot(
        "entropy",
        (Bars(grid(values), tuple(names), horizontal=True),),
        title="Entropy of each head",
        note=f"layer.head, of at most {most:.2f} nats",
        x=Axis("H", 0.0, max(most, 0.01), "nats"),
    )
    found = dict(zip(names, map(finite, values.tolist()), strict=True))
    facts = {"entropy": found, "entropy_most": most, **incomplete(missing)}
    return Picture(context.step, (plot,), facts)
