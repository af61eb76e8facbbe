"""Random codes: drawn from the prior, or from a normal fitted to the codes."""

from __future__ import annotations

import numpy as np

from livenet.models.autoencoder import Vae
from livenet.probes.autoencoders.codes import Codes, Floats, autoencoder
from livenet.probes.autoencoders.rows import Source
from livenet.probes.context import Context


def source_of(context: Context, given: Source | None) -> Source:
    """The requested source; by default the prior of a VAE, and the codes of a plain autoencoder,
    which has no prior."""
    return given or ("prior" if isinstance(context.model, Vae) else "codes")


def sample_codes(context: Context, source: Source, count: int, seed: int, found: Codes) -> Floats:
    """Codes z (count, D_z): z ~ N(0, I), or N(μ, Σ) with the mean and covariance of the finite
    codes in ``found`` (NaN if none is). The same seed draws the same noise at every step."""
    noise = np.random.default_rng(seed).standard_normal((count, autoencoder(context).latent))
    if source == "prior":
        return noise
    sound = found.mean[np.isfinite(found.mean).all(1)]
    if not len(sound):
        return np.full_like(noise, np.nan)
    spread = np.atleast_2d(np.cov(sound, rowvar=False, bias=True))
    values, vectors = np.linalg.eigh(spread)
    z: Floats = sound.mean(0) + (noise * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    return z


def distances(z: Floats, found: Codes) -> Floats:
    """(N,), the Euclidean distance from each code (N, D_z) to the nearest in ``found``."""
    squares = (z**2).sum(1)[:, None] + (found.mean**2).sum(1) - 2 * z @ found.mean.T
    nearest: Floats = np.sqrt(np.maximum(squares, 0.0)).min(1)
    return nearest
