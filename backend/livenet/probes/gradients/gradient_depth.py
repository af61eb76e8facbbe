"""How large the gradient is at each depth, with and without identity connections."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from livenet.models import Network
from livenet.pictures import Axis, Line, Picture, Plot, grid
from livenet.probes.batching import batch_size, batches
from livenet.probes.context import Context
from livenet.probes.gradients.identity import NAMES, layers_of, twins
from livenet.probes.gradients.rows import GradientDepthOptions
from livenet.probes.incomplete import first_of, incomplete
from livenet.training.likelihoods import Likelihood

Floats = NDArray[np.float64]

SMALLEST = 1e-30  # a smaller norm is not drawn on a logarithmic axis


def gradient_depth(context: Context, options: GradientDepthOptions) -> Picture:
    """One plot, ``gradient_depth``: the mean over examples of ‖∂ℓ/∂h(l)‖ for layers 1 to L, over
    that of the last hidden layer.

    One line for the net with its identity connections h + f(h), one for the same weights without;
    one line for the net itself if no identity fits. Without the identities the loss differs, and
    with it the size of every gradient: the ratio to the last hidden layer's gradient shows the
    effect of depth. Facts, by line: ``norms``, those means, None if not finite, and
    ``first_over_last``, the first layer's over the last hidden one's; None if a norm is 0 or not
    finite.
    """
    x, y = context.examples(options.examples)
    marks, ratios, absolute = [], {}, {}
    every: list[float] = []
    models = twins(context.model)
    by_name: dict[str, list[Floats]] = {name: [] for name in models}
    done = 0
    for some in batches(context.budget, len(x), batch_size(context, 3.0 * len(models), kept=True)):
        for name, model in models.items():
            norms = gradient_norms(model, context.likelihood, x[some], y[some])
            by_name[name].append(norms * (some.stop - some.start))
        done = some.stop
    missing = first_of(context, done, len(x), "examples", "Ask for fewer.")
    for name, sums in by_name.items():
        norms = np.sum(sums, axis=0) / done  # (L,)
        sound = np.where(np.isfinite(norms) & (norms > SMALLEST), norms, np.nan)
        relative = sound / sound[max(0, len(sound) - 2)]
        every += relative[np.isfinite(relative)].tolist()
        color, label = NAMES[name]
        depth = np.arange(1, len(norms) + 1)
        marks.append(Line(grid(depth), grid(relative), color=color, label=label, width=2))
        ratios[name] = float(relative[0]) if np.isfinite(relative[0]) else None
        absolute[name] = [float(norm) if np.isfinite(norm) else None for norm in norms]
    low, high = (min(every), max(every)) if every else (0.1, 1.0)
    plot = Plot(
        "gradient_depth",
        tuple(marks),
        title="Gradient by depth",
        note=f"{done} examples, the same weights",
        x=Axis("layer l", 1, max(2, len(marks[0].x)), whole=True),
        y=Axis("‖∂ℓ/∂h(l)‖ : ‖∂ℓ/∂h(L−1)‖", low / 1.5, high * 1.5, scale="log"),
    )
    said = {"norms": absolute, "first_over_last": ratios, **incomplete(missing)}
    return Picture(context.step, (plot,), said)


def gradient_norms(
    model: Network, likelihood: Likelihood, x: Tensor, y: Tensor
) -> NDArray[np.float64]:
    """Mean over examples of ‖∂ℓ/∂h(l)‖, (L,), by autograd; ℓ is one example's −log p."""
    with torch.enable_grad():
        # The output of a first layer without parameters, such as a pooling, needs a gradient too.
        outputs = layers_of(model, x.detach().requires_grad_())  # each (B, …)
        loss = likelihood.nll(outputs[-1], y) * len(x)
        gradients = torch.autograd.grad(loss, outputs)
    return np.array([float(one.flatten(1).double().norm(dim=1).mean()) for one in gradients])
