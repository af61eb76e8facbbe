"""The importance-weighted bound beside the ELBO, by the number of samples.

    L_K = E[log 1/K Σ_k w_k],  w_k = p(x | z_k) p(z_k) / q(z_k | x),  z_k ~ q(z | x)

(Burda, Grosse and Salakhutdinov 2016). L_1 is the ELBO, L_K grows with K up to log p(x).
"""

from __future__ import annotations

from math import log

import numpy as np
import torch

from livenet.models.autoencoder import Vae, sampled
from livenet.pictures import Axis, Line, Picture, Plot, grid
from livenet.probes.autoencoders.codes import Floats, likelihood, shown_part
from livenet.probes.autoencoders.rows import BoundOptions
from livenet.probes.batching import batch_size, batches
from livenet.probes.context import REQUEST_SECONDS, Context, payable
from livenet.probes.incomplete import first_of, incomplete
from livenet.spec.cost import forward_flops

MAX_CODES = 4096  # codes decoded at once


def bound(context: Context, options: BoundOptions) -> Picture:
    """One plot, ``bound``: L_k against k = 1, 2, 4 … K, all from the same samples of each image.
    Facts: the ELBO, L_K, the gap between them, and ``images``, the number of images used: fewer
    than for the ELBO in a row of the series, so that the two numbers differ."""
    samples = options.samples
    there = len(context.parts[shown_part(context)][0])
    fitting = payable(samples * forward_flops(context.spec), REQUEST_SECONDS)
    images = min(options.images, there, fitting)
    weights = log_weights(context, images, samples, options.seed)  # (N, K)
    most = weights.shape[1]
    remedy = "Ask for fewer images or samples."
    missing = (
        first_of(context, len(weights), images, "images", remedy),
        first_of(context, most, samples, "samples of an image", remedy),
    )
    counts = [1 << power for power in range(most.bit_length()) if 1 << power <= most]
    counts += [] if counts[-1] == most else [most]
    values = np.array([_bound(weights, count) for count in counts])
    spread = max(float(values[-1] - values[0]), 0.1)
    plot = Plot(
        "bound",
        (
            Line(
                np.array([1, most]),
                np.repeat(values[:1], 2),
                color="second",
                label=f"ELBO of {len(weights)} images",
            ),
            Line(np.array(counts), grid(values), color="accent", label="bound", width=2.0),
        ),
        title="Importance-weighted bound on log p(x)",
        note=f"{len(weights)} {shown_part(context)} images",
        x=Axis("samples K", 1.0, float(most), scale="log"),
        y=Axis("bound", values[0] - 0.1 * spread, values[-1] + 0.1 * spread, unit="nats"),
    )
    facts = {
        "elbo": float(values[0]),
        "bound": float(values[-1]),
        "gap": float(values[-1] - values[0]),
        "samples": most,
        "images": len(weights),
        **incomplete(*missing),
    }
    return Picture(context.step, (plot,), facts)


def log_weights(context: Context, images: int, samples: int, seed: int) -> Floats:
    """log w of each image's samples (N, K), in nats; of the first images if the budget ends, or of
    the first samples of the first image if it ends there."""
    model = context.model
    assert isinstance(model, Vae)
    inputs, targets = (part[:images] for part in context.parts[shown_part(context)])
    draw, size = np.random.default_rng([seed, 1]), batch_size(context, most=MAX_CODES)
    group = max(1, size // samples)  # images
    found: list[Floats] = []
    with torch.inference_mode():
        for some in batches(context.budget, len(inputs), group):
            x, y = inputs[some], targets[some]
            mu, log_variance = (part.unsqueeze(1) for part in model.posterior(x))  # (B, 1, D_z)
            shape = (len(x), samples, model.latent)
            noise = torch.from_numpy(draw.standard_normal(shape, dtype=np.float32)).to(x.device)
            parts = []
            for few in batches(context.budget, samples, max(1, size // len(x))):
                own = noise[:, few]
                z = sampled(mu, log_variance, own)  # (B, K, D_z)
                theta = model.decode(z.flatten(0, 1))  # (B·K, 1, H, W)
                theirs = likelihood(context).each(theta, y.repeat_interleave(z.shape[1], 0))
                # log p(z) − log q(z | x); the constants cancel.
                prior = -0.5 * z.double().square().sum(2)
                posterior = -0.5 * (own.double().square() + log_variance.double()).sum(2)
                parts.append(theirs.view(prior.shape) + prior - posterior)
            weights: Floats = torch.cat(parts, 1).cpu().numpy()
            if not found or weights.shape[1] == found[0].shape[1]:
                found.append(weights)
    return np.concatenate(found)


def _bound(weights: Floats, count: int) -> float:
    """L_count, the mean over images and over the available groups of ``count`` samples."""
    whole = weights.shape[1] // count * count
    groups = weights[:, :whole].reshape(len(weights), -1, count)
    peak = groups.max(2, keepdims=True)
    inner = np.log(np.exp(groups - peak).sum(2)) + peak[..., 0] - log(count)
    return float(inner.mean())
