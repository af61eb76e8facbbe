"""What heads are worth: the loss of an example and of test examples with and without them."""

from __future__ import annotations

from math import nan
from typing import Any

import numpy as np
import torch

from livenet.errors import OptionError
from livenet.models.stream import Head, stream
from livenet.models.transformer import Transformer
from livenet.pictures import Axis, Bars, Plot, grid
from livenet.probes.batching import batch_size, batches
from livenet.probes.context import REQUEST_SECONDS, Context, payable
from livenet.probes.finite import finite
from livenet.probes.incomplete import first_of, incomplete
from livenet.spec.cost import forward_flops

EXAMPLES = 64
"""Test examples (training ones if there are none) that a loss is averaged over, at most."""


def ablated_of(model: Transformer, given: tuple[tuple[int, int], ...]) -> tuple[Head, ...]:
    """The heads that are left out. Raises OptionError for one that does not exist."""
    layers, heads = len(model.blocks), model.spec.heads
    for layer, head in given:
        if not (1 <= layer <= layers and 1 <= head <= heads):
            raise OptionError(
                f"There is no head [{layer}, {head}]",
                path="options.ablate",
                hint=f"[layer, head] from [1, 1] to [{layers}, {heads}].",
            )
    return tuple(dict.fromkeys(given))


@torch.no_grad()
def cost(
    context: Context,
    model: Transformer,
    ablated: tuple[Head, ...],
    losses: tuple[float, float] | None,
) -> dict[str, Any]:
    """Fact ``ablation``: the example's ``losses`` without and with ablation (None of one without a
    target), and the mean over test examples likewise."""
    count = min(EXAMPLES, payable(2 * forward_flops(context.spec), REQUEST_SECONDS))
    inputs, targets = context.examples(count)
    sums = np.zeros(3)  # Σ of the loss without and with ablation, and their count
    done = 0
    size = batch_size(context, passes=2.0, kept=True)
    for some in batches(context.budget, len(inputs), size):
        x, y = inputs[some], targets[some]
        whole, less = (stream(model, x, None, heads).theta for heads in ((), ablated))
        total, scored, *_ = context.likelihood.sums(whole, y).tolist()
        sums += total, float(context.likelihood.sums(less, y)[0]), scored
        done = some.stop
    mean, without = (float(value / sums[2]) for value in sums[:2])
    missing = first_of(context, done, len(inputs), "test examples", "Leave out fewer heads.")
    own = losses or (nan, nan)
    return {
        "ablation": {
            "loss": finite(own[0]),
            "ablated": finite(own[1]),
            "examples": done,
            "part": "test" if len(context.parts["test"][0]) else "train",
            "test_loss": finite(mean),
            "test_ablated": finite(without),
        },
        **incomplete(missing),
    }


def cost_plot(found: dict[str, Any], ablated: tuple[Head, ...]) -> Plot:
    """The losses of the fact ``ablation`` as bars, without and with the heads."""
    keys = ("loss", "ablated", "test_loss", "test_ablated")
    values = np.array([nan if found[key] is None else found[key] for key in keys])
    part = {"test": "test", "train": "training"}[found["part"]]
    names = ("this example", "without", f"{found['examples']} {part} examples", "without")
    finite_ones = values[np.isfinite(values)]
    low, high = min(0.0, float(finite_ones.min(initial=0.0))), float(finite_ones.max(initial=0.01))
    return Plot(
        "ablation",
        (Bars(grid(values), names, horizontal=True),),
        title="What the heads are worth",
        note=", ".join(f"{layer}.{head}" for layer, head in ablated) + " left out",
        x=Axis("loss", low, high, "nats"),
    )
