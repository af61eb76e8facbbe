"""The objective of a VAE: the evidence lower bound on log p(x), in nats per image.

    ELBO = E_q(z|x)[log p(x | z)] − KL(q(z | x) ‖ p(z)),  q = N(μ, diag(σ²)),  p(z) = N(0, I)
    KL = Σ_d ½ (μ_d² + σ_d² − log σ_d² − 1)

Training minimises −E_q[log p(x | z)] + β KL, with one sample z = μ + σ ε per image and step. Its
gradient with respect to q is taken through the sample, or by the score function,
−log p(x | z) ∇ log q(z | x), which has the same mean and a far larger variance; the gradient of the
KL is exact in both. The measured loss is −ELBO for every β, so that runs are comparable. Its ε
depends only on the example's row, so that curves change with the model and not with the draw.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from livenet.models import StepRandom
from livenet.models.autoencoder import Vae, sampled
from livenet.spec import RunSpec
from livenet.spec.model import Vae as VaeSpec
from livenet.training.pixels import Pixels
from livenet.training.streams import number

SHOWN = 8  # latent dimensions with a KL column of their own


def kl_by_dimension(mu: Tensor, log_variance: Tensor) -> Tensor:
    """KL(N(μ, σ²) ‖ N(0, 1)) of every dimension, in the shape of μ."""
    return 0.5 * (mu.square() + log_variance.exp() - log_variance - 1)


class Evidence:
    """The ELBO of a VAE under a likelihood of images."""

    def __init__(self, spec: RunSpec, model: Vae, likelihood: Pixels) -> None:
        self.model = model
        self.likelihood = likelihood
        self.shown = min(model.latent, SHOWN)
        columns = tuple(f"kl_{place}" for place in range(1, self.shown + 1))
        self.measures = ("loss", "elbo", "reconstruction", "kl", *columns)
        self._seed = number(spec.seed, "evaluation noise")
        self._noise = torch.empty(0, model.latent)

    def descend(self, spec: RunSpec, x: Tensor, y: Tensor, draws: StepRandom) -> Tensor:
        assert isinstance(spec.model, VaeSpec)
        if not spec.model.reparameterized:
            return self._by_score(spec.model.beta, x, y, draws)
        with torch.enable_grad():
            mu, log_variance = self.model.posterior(x, draws)  # (B, D_z) each
            z = sampled(mu, log_variance, draws.normal(mu))
            theta = self.model.decode(z, draws)  # (B, 1, H, W)
            kl = kl_by_dimension(mu, log_variance).sum() / len(x)
            loss = self.likelihood.nll(theta, y) + spec.model.beta * kl
            loss.backward()  # type: ignore[no-untyped-call]  # torch's own
        return loss.detach()

    def _by_score(self, beta: float, x: Tensor, y: Tensor, draws: StepRandom) -> Tensor:
        """The same loss with z held constant: differentiates −log p + (−log p)·log q + β KL, and in
        the product only log q."""
        with torch.enable_grad():
            mu, log_variance = self.model.posterior(x, draws)  # (B, D_z) each
            with torch.no_grad():
                z = sampled(mu, log_variance, draws.normal(mu))
            each = -self.likelihood.each(self.model.decode(z, draws), y)  # (B,)
            distance = (z - mu).square() * (-log_variance).exp()
            log_q = -0.5 * (distance + log_variance).sum(1)  # up to a constant
            kl = kl_by_dimension(mu, log_variance).sum() / len(x)
            loss = each.mean() + beta * kl
            surrogate = loss + (each.detach() * log_q).mean()
            surrogate.backward()  # type: ignore[no-untyped-call]  # torch's own
        return loss.detach()

    @torch.inference_mode()
    def sums(self, x: Tensor, y: Tensor, row: int) -> Tensor:
        """[Σ −log p(x | z), images, Σ KL, then Σ KL of each shown dimension]."""
        mu, log_variance = self.model.posterior(x)
        noise = self.noise(row, len(x)).to(x.device)
        theta = self.model.decode(sampled(mu, log_variance, noise))
        loss = -self.likelihood.each(theta, y).sum()
        kl = kl_by_dimension(mu.double(), log_variance.double()).sum(0)  # (D_z,)
        counts = torch.tensor([float(len(x))], dtype=torch.float64, device=x.device)
        return torch.cat([loss.unsqueeze(0), counts, kl.sum().unsqueeze(0), kl[: self.shown]])

    def measure(self, sums: list[float], y: Tensor) -> dict[str, float]:
        reconstruction, kl = -sums[0] / sums[1], sums[2] / sums[1]
        found = {
            "loss": kl - reconstruction,
            "elbo": reconstruction - kl,
            "reconstruction": reconstruction,
            "kl": kl,
        }
        return found | {f"kl_{d + 1}": sums[3 + d] / sums[1] for d in range(self.shown)}

    def noise(self, row: int, count: int) -> Tensor:
        """ε of ``count`` examples from ``row`` on, (count, D_z)."""
        if len(self._noise) < row + count:
            # NumPy's generator: a longer draw starts with the shorter one, unlike torch's.
            draw = np.random.default_rng(self._seed)
            shape = (row + count, self.model.latent)
            self._noise = torch.from_numpy(draw.standard_normal(shape, dtype=np.float32))
        return self._noise[row : row + count]
