"""The loss of each example of a VAE: −log p(x | z) + β KL, with the sample of the step."""

from __future__ import annotations

from copy import deepcopy

import torch
from torch import Tensor

from livenet.models import Network, StepRandom
from livenet.models.autoencoder import Vae, sampled
from livenet.probes.autoencoders.codes import likelihood
from livenet.probes.context import Context
from livenet.spec.model import Vae as VaeSpec
from livenet.training.evidence import Evidence, kl_by_dimension


def drawn(context: Context, mu: Tensor, draws: StepRandom | None, row: int) -> Tensor:
    """ε (B, D_z): that of the step, or, in testing, that of the measured loss, by the examples'
    numbers from ``row`` on."""
    if draws is not None:
        return draws.normal(mu)
    assert isinstance(context.model, Vae)
    measured = Evidence(context.spec, context.model, likelihood(context))
    return measured.noise(row, len(mu)).to(mu)


def reparameterized(context: Context) -> bool:
    assert isinstance(context.spec.model, VaeSpec)
    return context.spec.model.reparameterized


def beta(context: Context) -> float:
    assert isinstance(context.spec.model, VaeSpec)
    return context.spec.model.beta


def losses(
    context: Context, model: Network, x: Tensor, y: Tensor, draws: StepRandom | None, row: int
) -> Tensor:
    """The loss of each example (B,), for a copy of the model.

    Where the gradient is the score function's, its derivatives are that gradient: of
    −log p(x | z) + R log q(z | x) + β KL, with z and R = −log p(x | z) of the context's model.
    """
    assert isinstance(model, Vae)
    mu, log_variance = model.posterior(x, draws)  # (B, D_z) each
    noise = drawn(context, mu, draws, row)
    kl = kl_by_dimension(mu, log_variance).sum(1)
    if reparameterized(context):
        z = sampled(mu, log_variance, noise)
        return -likelihood(context).each(model.decode(z, draws), y) + beta(context) * kl
    still = deepcopy(context.model).to(mu.dtype)
    assert isinstance(still, Vae)
    with torch.no_grad():
        # The masks of both passes are the same: they depend on the order of the draws alone.
        again = _again(draws)
        z = sampled(*still.posterior(x, again), noise)
        if again is not None:
            again.normal(mu)
        reward = -likelihood(context).each(still.decode(z, again), y)  # (B,)
    own = -likelihood(context).each(model.decode(z, draws), y)
    return own + reward * log_density(z, mu, log_variance) + beta(context) * kl


def _again(draws: StepRandom | None) -> StepRandom | None:
    """The same random numbers from the first on."""
    return StepRandom(draws.key, draws.step, draws.rho) if draws is not None else None


def log_density(z: Tensor, mu: Tensor, log_variance: Tensor) -> Tensor:
    """log q(z | x) (B,), up to a constant, of codes (B, D_z)."""
    distance = (z - mu).square() * (-log_variance).exp()
    return -0.5 * (distance + log_variance).sum(1)
