"""The correlation of gradients at neighbouring inputs, with and without identities.

In a deep net without them the gradient of the output changes from input to input like white noise
(the "shattered gradients" of Balduzzi et al. 2017); with them neighbours stay correlated.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from livenet.models import Mlp, Network
from livenet.pictures import Axis, Line, Picture, Plot, grid
from livenet.probes.batching import batch_size, batches
from livenet.probes.context import Context
from livenet.probes.gradients.identity import NAMES, layers_of, twins
from livenet.probes.gradients.rows import GradientCorrelationOptions
from livenet.probes.incomplete import first_of, incomplete

OFF_AXIS = 1.0  # x₂ of the segment
LEAST_PLACES = 4  # the fewest for a correlation by distance


def gradient_correlation(context: Context, options: GradientCorrelationOptions) -> Picture:
    """One plot, ``gradient_correlation``: the correlation of ∂θ₁/∂x at two places of a segment of
    the input space against their distance.

    The segment is the line x₂ = 1 across the window for points of the plane, the window itself on
    the line, and goes from the first test image to the second for images. In the plane it avoids
    the origin: on a line through it a ReLU net without biases has only two gradients, one on each
    side. Facts, by line: ``half``, the distance at which the correlation falls below ½. It is None
    if the correlation stays above, or is undefined: for a gradient that is not finite, or is the
    same everywhere, as for a linear net (the plot's note states this).
    """
    segment = _segment(context, options.points)  # (N, …)
    length = float((segment[-1] - segment[0]).double().norm())
    distance = np.linspace(0.0, length, options.points)
    models = twins(context.model)
    gradients: dict[str, list[NDArray[np.float64]]] = {name: [] for name in models}
    done, size = 0, batch_size(context, 3.0 * len(models), kept=True)
    for some in batches(context.budget, len(segment), max(LEAST_PLACES, size)):
        for name, model in models.items():
            gradients[name].append(input_gradients(model, segment[some]))
        done = some.stop
    remedy = "Ask for fewer points, which lie farther apart."
    missing = first_of(context, done, len(segment), "places on the segment", remedy)
    marks, facts, note = [], {}, "of ∂θ₁/∂x at two inputs"
    for name, parts in gradients.items():
        together = np.concatenate(parts)
        found = correlation(together)  # (N,)
        if np.isfinite(together).all() and np.isnan(found).all():
            note = "the gradient is the same at all inputs: there is nothing to correlate"
        kept = len(found) // 2  # a larger distance has few pairs
        color, label = NAMES[name]
        marks.append(
            Line(grid(distance[:kept]), grid(found[:kept]), color=color, label=label, width=2)
        )
        below = np.flatnonzero(found[:kept] < 0.5)
        facts[name] = float(distance[below[0]]) if len(below) else None
    plot = Plot(
        "gradient_correlation",
        tuple(marks),
        title="Gradient correlation",
        note=note,
        x=Axis("distance", 0.0, float(distance[done // 2 - 1])),
        y=Axis("correlation", -0.5, 1.0),
    )
    return Picture(context.step, (plot,), {"half": facts, **incomplete(missing)})


def _segment(context: Context, count: int) -> Tensor:
    """Inputs in the data set's form, evenly spaced along the segment (N, …)."""
    share = torch.linspace(0.0, 1.0, count)
    if context.spec.data.family == "points":
        low, high = context.window(None)[:2]
        x = torch.zeros(count, context.dimensions)
        x[:, 1:] = OFF_AXIS
        x[:, 0] = low + share * (high - low)
        return x.to(context.device)
    images = context.data.test_x if len(context.data.test_x) > 1 else context.data.train_x
    one, other = torch.from_numpy(images[0]), torch.from_numpy(images[1])
    return torch.lerp(one, other, share.view(-1, 1, 1, 1)).to(context.device)


def input_gradients(model: Network, x: Tensor) -> NDArray[np.float64]:
    """∂θ₁/∂x at each input, (N, D), by autograd; θ₁ is the first output."""
    x = x.clone().requires_grad_()
    with torch.enable_grad():
        inputs = model.features(x) if isinstance(model, Mlp) else x
        theta = layers_of(model, inputs)[-1]  # (N, K)
        (found,) = torch.autograd.grad(theta[:, 0].sum(), x)
    gradients: NDArray[np.float64] = found.flatten(1).double().cpu().numpy()
    return gradients


def correlation(gradients: NDArray[np.float64]) -> NDArray[np.float64]:
    """Autocorrelation by lag, (N,): Σ_t ⟨g̃_t, g̃_{t+k}⟩/(N − k) over Σ_t ‖g̃_t‖²/N, g̃ = g − ḡ.

    NaN if the gradients are all the same (a linear net): 0/0; and if one is not finite.
    """
    if not np.isfinite(gradients).all():
        return np.full(len(gradients), np.nan)
    centred = gradients - gradients.mean(0)
    count = len(centred)
    power = float((centred**2).sum()) / count
    if power <= 1e-20 * max(1.0, float((gradients**2).mean())):
        return np.full(count, np.nan)
    products = centred @ centred.T  # (N, N)
    by_lag = [float(np.trace(products, offset=lag)) / (count - lag) for lag in range(count)]
    found: NDArray[np.float64] = np.array(by_lag, dtype=np.float64) / power
    return found
