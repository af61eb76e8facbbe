"""Helpers of the autoencoder probes: the codes of images, and the plane of their plots.

With two latent dimensions the plane is the latent space itself. With more it goes through the mean
code, along the two principal directions of the codes. A code z lies at Pᵀz in it, uncentred, so
that the prior N(0, I) is a standard normal there too, and its circles do not move.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from livenet.budget import Budget
from livenet.models.autoencoder import Autoencoder, Vae
from livenet.probes.batching import batch_size, batches
from livenet.probes.context import Context
from livenet.probes.incomplete import first_of
from livenet.spec.data import Images as ImagesSpec
from livenet.training.pixels import Pixels

Floats = NDArray[np.float64]
Array = NDArray[Any]

MAX_CODES = 1000
MAX_PIXELS = 90_000  # in all images of a picture: some 2 MB of JSON
ROUND = (1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12.5)
LEAST_REACH = 3.5  # of a VAE's plane: it contains the prior's circles up to 3 σ


def autoencoder(context: Context) -> Autoencoder:
    """The model of a probe that fits autoencoders alone."""
    assert isinstance(context.model, Autoencoder)
    return context.model


def likelihood(context: Context) -> Pixels:
    """The likelihood of a probe that fits autoencoders alone."""
    found: Any = context.likelihood
    return found  # type: ignore[no-any-return]  # livenet.training.likelihoods.likelihood: Pixels


def shown_part(context: Context, part: str | None = None) -> str:
    """The requested part, by default "test"; always "train" if no images are held out."""
    return (part or "test") if len(context.data.test_x) else "train"


def class_names(context: Context) -> tuple[str, ...]:
    data = context.spec.data
    assert isinstance(data, ImagesSpec)
    return data.names


@dataclass(frozen=True)
class Codes:
    """Codes of the first images of a part: means (N, D_z), posteriors' σ (N, D_z), classes (N,)."""

    mean: Floats
    sigma: Floats | None
    classes: Array
    part: str
    missing: str = ""
    """A text that states what the budget left out."""

    @property
    def searched(self) -> str:
        """A text that names the images among which the nearest code is searched."""
        return f"{len(self.mean):,} {self.part} images"


def codes(
    context: Context,
    part: str | None = None,
    most: int = MAX_CODES,
    budget: Budget | None = None,
) -> Codes:
    """The codes of a part's first images, as many as the budget (by default all of the context's)
    allows; those of a plain autoencoder have no σ."""
    model, part = autoencoder(context), part or shown_part(context)
    inputs = context.parts[part][0][:most]
    labels = context.data.test_y if part == "test" else context.data.train_y
    mean: list[Floats] = []
    sigma: list[Floats] = []
    with torch.inference_mode():
        for some in batches(budget or context.budget, len(inputs), batch_size(context)):
            if isinstance(model, Vae):
                mu, log_variance = model.posterior(inputs[some])
                sigma.append(_sound((0.5 * log_variance).exp()))
            else:
                mu = model.mean_code(inputs[some])
            mean.append(_sound(mu))
    done = sum(map(len, mean))
    missing = first_of(context, done, len(inputs), f"{part} images", "A smaller net takes less.")
    spread = np.concatenate(sigma) if sigma else None
    return Codes(np.concatenate(mean), spread, labels[:done], part, missing)


def _sound(values: Tensor) -> Floats:
    """Numbers as float64; NaN for those that have overflowed."""
    found: Floats = values.cpu().numpy().astype(np.float64)
    return np.where(np.isfinite(found), found, np.nan)


@dataclass(frozen=True)
class Plane:
    """A plane in the latent space: z = offset + basis · (a, b)."""

    offset: Floats  # (D_z,), orthogonal to the basis
    basis: Floats  # (D_z, 2), orthonormal
    names: tuple[str, str]
    shares: tuple[float, float] | None
    """The shares of the codes' variance along the two axes, if there are more dimensions."""

    def project(self, z: Floats) -> Floats:
        """The positions of codes (N, D_z) in the plane, (N, 2)."""
        return z @ self.basis

    def lift(self, points: Floats) -> Floats:
        """The codes (N, D_z) of points (N, 2) of the plane."""
        return self.offset + points @ self.basis.T

    def ellipses(self, sigma: Floats) -> Floats:
        """Half axes and angle (N, 3) of diag(σ²) projected onto the plane, for σ (N, D_z)."""
        p, q = self.basis[:, 0], self.basis[:, 1]
        variance = sigma**2
        a, b, c = variance @ (p * p), variance @ (p * q), variance @ (q * q)
        middle, spread = (a + c) / 2, np.hypot((a - c) / 2, b)
        return np.stack(
            [
                np.sqrt(middle + spread),
                np.sqrt(np.maximum(middle - spread, 0.0)),
                np.arctan2(2 * b, a - c) / 2,
            ],
            axis=1,
        )

    def facts(self) -> dict[str, Any]:
        if self.shares is None:
            return {}
        return {"explained variance": [round(share, 4) for share in self.shares]}


def plain(width: int) -> Plane:
    """The plane of the first two latent dimensions; if there are two, the latent space."""
    return Plane(np.zeros(width), np.eye(width, 2), ("z₁", "z₂"), None)


def plane(found: Codes) -> Plane:
    """The latent plane, or the plane of the two principal directions of these codes."""
    z = found.mean
    width = z.shape[1]
    if width == 2 or not np.isfinite(z).all():
        return plain(width)
    centre = z.mean(0)
    values, vectors = np.linalg.eigh(np.atleast_2d(np.cov(z, rowvar=False, bias=True)))
    basis = vectors[:, ::-1][:, :2]
    # Each direction's largest part is positive, so that pictures do not flip from step to step.
    largest = np.abs(basis).argmax(0)
    basis = basis * np.where(basis[largest, [0, 1]] < 0, -1.0, 1.0)
    shares = values[::-1][:2] / max(values.sum(), 1e-300)
    names = tuple(f"PC {k} of z, {share:.0%}" for k, share in enumerate(shares, start=1))
    return Plane(
        centre - basis @ (basis.T @ centre),
        basis,
        (names[0], names[1]),
        (float(shares[0]), float(shares[1])),
    )


def window(context: Context, points: Floats) -> tuple[float, float, float, float]:
    """Ends of the plane's axes: [x_low, x_high, y_low, y_high], square, in round steps.

    A VAE's is around 0 and holds the prior's circles; a plain autoencoder's is around its codes.
    """
    sound = points[np.isfinite(points).all(1)]
    if not len(sound):
        return (-LEAST_REACH, LEAST_REACH, -LEAST_REACH, LEAST_REACH)
    if isinstance(context.model, Vae):
        half = max(LEAST_REACH, _round_up(float(np.abs(sound).max())))
        return (-half, half, -half, half)
    low, high = sound.min(0), sound.max(0)
    half = _round_up(0.58 * float((high - low).max()))  # the middle moves by up to half/8
    middle = np.round((low + high) / 2 / (half / 4)) * (half / 4)
    x, y = float(middle[0]), float(middle[1])
    return (x - half, x + half, y - half, y + half)


def _round_up(size: float) -> float:
    """The next larger round number: a round factor times a power of ten."""
    power = 10.0 ** np.floor(np.log10(max(size, 1e-9)))
    return float(next(f * power for f in ROUND if f * power >= size * 0.999))


def decoded(context: Context, z: Floats) -> Array:
    """The mean images (N, H, W) of codes (N, D_z); only of the first if the budget ends."""
    model, given = autoencoder(context), torch.from_numpy(z).to(context.device, torch.float32)
    found: list[Array] = []
    with torch.inference_mode():
        for some in batches(context.budget, len(z), batch_size(context)):
            theta = likelihood(context).mean(model.decode(given[some]))
            found.append(theta.squeeze(1).cpu().numpy())
    return np.concatenate(found)
