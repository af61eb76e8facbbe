"""Two estimates of one gradient: by reparameterization, and by the score function (REINFORCE).

The gradient is that of E_q[−log p(x | z)] of a minibatch with respect to the code layer's bias,
which shifts μ and log σ². Both estimates are unbiased and use the same draws ε, z = μ + σ ε:

    reparameterized   ∂ℓ/∂z,  ½ σ ε ∂ℓ/∂z               where ℓ = −log p(x | z)
    score function    ℓ ε/σ,  ½ ℓ (ε² − 1)              since ∇ log q = (ε/σ, ½ (ε² − 1))

The first uses the decoder's derivative by z, the second only the loss of each draw.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from livenet.models.autoencoder import Vae, sampled
from livenet.pictures import Area, Axis, Bars, Line, Mark, Picture, Plot, Role, grid
from livenet.probes.autoencoders.codes import Floats, likelihood
from livenet.probes.autoencoders.rows import GradientVarianceOptions
from livenet.probes.batching import batch_size
from livenet.probes.context import REQUEST_SECONDS, Context, payable
from livenet.probes.incomplete import first_of, incomplete
from livenet.spec.cost import forward_flops

MAX_CODES = 4096  # codes decoded at once
LEAST_DRAWS = 2  # the fewest with a variance
NAMES: dict[str, tuple[Role, str]] = {
    "reparameterized": ("accent", "reparameterized"),
    "score": ("second", "score function"),
}
"""Colour and label of each estimate."""


def gradient_variance(context: Context, options: GradientVarianceOptions) -> Picture:
    """Plots ``mean``: each estimate of ∂/∂μ₁ after k draws, ± its standard error, and
    ``deviation``: the standard deviation of one draw, as the root of the mean variance over all of
    μ and log σ². Facts: both variances, their ratio, and the difference of the means, in standard
    errors (0.8 on average if both are unbiased)."""
    draws = options.draws
    # Forward and backward through the decoder, for every image and draw.
    expensive = 3 * draws * forward_flops(context.spec)
    images = min(
        options.images, len(context.parts["train"][0]), payable(expensive, REQUEST_SECONDS)
    )
    found = estimates(context, images, draws, options.seed)
    done = len(found["score"])
    missing = first_of(context, done, draws, "draws", "Ask for fewer images or draws.")
    variance = {name: float(values.var(0, ddof=1).mean()) for name, values in found.items()}
    one, other = found["reparameterized"], found["score"]
    error = np.sqrt((one.var(0, ddof=1) + other.var(0, ddof=1)) / len(one))
    apart = np.abs(one.mean(0) - other.mean(0)) / np.maximum(error, 1e-12)
    marks: list[Mark] = []
    for name in ("score", "reparameterized"):
        marks += _running(found[name][:, 0], *NAMES[name])
    ends = [values for mark in marks if isinstance(mark, Area) for values in (mark.low, mark.high)]
    sound = np.concatenate(ends)[np.isfinite(np.concatenate(ends))]
    low, high = (sound.min(), sound.max()) if len(sound) else (0.0, 0.0)
    room = 0.05 * max(float(high - low), 1e-6)
    plots = (
        Plot(
            "mean",
            tuple(marks),
            title="Estimate of ∂/∂μ₁",
            note="mean of k draws ± its error",
            x=Axis("draws k", 2.0, float(max(done, 3)), scale="log"),
            y=Axis("gradient", float(low) - room, float(high) + room, unit="nats"),
        ),
        Plot(
            "deviation",
            (
                Bars(
                    grid(np.sqrt([variance[name] for name in NAMES])),
                    tuple(label for _, label in NAMES.values()),
                    horizontal=True,
                ),
            ),
            title="Standard deviation of one draw",
            note=f"{images} images",
        ),
    )
    facts = {
        "reparameterized_variance": variance["reparameterized"],
        "score_variance": variance["score"],
        "ratio": variance["score"] / max(variance["reparameterized"], 1e-300),
        "means_apart": float(apart.mean()),
        **incomplete(missing),
    }
    return Picture(context.step, plots, facts)


def estimates(context: Context, images: int, draws: int, seed: int) -> dict[str, Floats]:
    """Each estimate of the gradient by the code layer's bias (draws, 2 D_z), μ first; nats. Fewer
    draws, at least two, if the budget ends."""
    model = context.model
    assert isinstance(model, Vae)
    x, y = (part[:images] for part in context.parts["train"])
    with torch.no_grad():
        mu, log_variance = model.posterior(x)  # (N, D_z) each
    sigma = (0.5 * log_variance).exp()
    size = batch_size(context, 3.0, kept=True, most=MAX_CODES)
    draw, group = np.random.default_rng([seed, 3]), max(1, size // len(x))
    found: dict[str, list[NDArray[np.float64]]] = {name: [] for name in NAMES}
    for start in range(0, draws, group):
        if start >= LEAST_DRAWS and context.budget.spent:
            break
        shape = (min(group, draws - start), len(x), model.latent)
        noise = torch.from_numpy(draw.standard_normal(shape, dtype=np.float32)).to(x.device)
        z = sampled(mu, log_variance, noise)  # (K, N, D_z)
        each, slope = _nats(context, z, y, size)  # ℓ (K, N), ∂ℓ/∂z (K, N, D_z)
        loss = each.unsqueeze(2)
        pairs = {
            "reparameterized": (slope, 0.5 * sigma * noise * slope),
            "score": (loss * noise / sigma, 0.5 * loss * (noise.square() - 1)),
        }
        for name, (by_mu, by_log_variance) in pairs.items():
            both = torch.cat([by_mu, by_log_variance], dim=2).double().mean(1)  # (K, 2 D_z)
            found[name].append(both.cpu().numpy())
    return {name: np.concatenate(parts) for name, parts in found.items()}


def _nats(context: Context, z: Tensor, y: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """ℓ = −log p(x | z) of each draw's images (K, N), and ∂ℓ/∂z (K, N, D_z), ``size`` at once."""
    model = context.model
    assert isinstance(model, Vae)
    codes, targets = z.flatten(0, 1), y.repeat(len(z), 1, 1, 1)
    each, slope = [], []
    for start in range(0, len(codes), size):
        some = codes[start : start + size].detach().requires_grad_()
        with torch.enable_grad():
            theta = model.decode(some)
            nats = -likelihood(context).each(theta, targets[start : start + size])
            (by_code,) = torch.autograd.grad(nats.sum(), some)
        each.append(nats.detach())
        slope.append(by_code)
    return torch.cat(each).view(z.shape[:2]), torch.cat(slope).view(z.shape)


def _running(values: Floats, color: Role, label: str) -> list[Mark]:
    """The mean of the first k draws, for k from 2, and its standard error."""
    k = np.arange(2, len(values) + 1)
    mean = values.cumsum()[1:] / k
    spread = np.array([values[:n].std(ddof=1) / sqrt(n) for n in k])
    return [
        Area(grid(k), grid(mean - spread), grid(mean + spread), color=color),
        Line(grid(k), grid(mean), color=color, label=label, width=2.0),
    ]
