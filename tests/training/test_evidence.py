"""The ELBO: its KL by integration, its gradient by differences, its bound, its known optimum."""

from math import log, pi
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from livenet.models import StepRandom
from livenet.models.autoencoder import Vae, sampled
from livenet.spec import RunSpec, changed, resolve
from livenet.training import Trainer
from livenet.training.evidence import Evidence, kl_by_dimension
from livenet.training.pixels import GaussianPixels, pixels
from livenet.training.streams import stream

SMALL: dict[str, Any] = {
    "data": {"kind": "digits", "samples": 60},
    "model": {"kind": "vae", "hidden": [6], "latent": 3, "activation": "tanh"},
}


def still(seed: int) -> StepRandom:
    return StepRandom(seed, 0, 0.0)


def made(document: dict[str, Any] = SMALL) -> tuple[RunSpec, Vae, Evidence]:
    """A small VAE in double precision, with gradients to be written."""
    spec = resolve(document)
    model = Vae(spec)
    model.initialize(stream(0, "a"))
    model.double()
    for p in model.parameters():
        p.grad = torch.zeros_like(p)
    return spec, model, Evidence(spec, model, pixels(spec))


def batch(spec: RunSpec, model: Vae, count: int = 5) -> tuple[Tensor, Tensor]:
    x = torch.rand(count, 1, 8, 8, generator=stream(0, "x")).double()
    return model.arrange(x, torch.zeros(count))


@given(mu=st.floats(-4, 4), log_variance=st.floats(-4, 3))
@settings(max_examples=30, deadline=None)
def test_the_kl_is_its_integral(mu: float, log_variance: float) -> None:
    """∫ q log(q/p) dz by the trapezium rule over ±12 σ."""
    sigma = np.exp(log_variance / 2)
    z = np.linspace(mu - 12 * sigma, mu + 12 * sigma, 40_001)
    log_q = -0.5 * ((z - mu) / sigma) ** 2 - np.log(sigma) - 0.5 * log(2 * pi)
    log_p = -0.5 * z**2 - 0.5 * log(2 * pi)
    expected = np.trapezoid(np.exp(log_q) * (log_q - log_p), z)
    pair = (torch.tensor(value, dtype=torch.float64) for value in (mu, log_variance))
    assert float(kl_by_dimension(*pair)) == pytest.approx(expected, abs=1e-7)


def test_the_kl_is_torchs() -> None:
    mu, log_variance = torch.randn(2, 7, 4, generator=stream(0, "kl"), dtype=torch.float64)
    q = torch.distributions.Normal(mu, (0.5 * log_variance).exp())
    expected = torch.distributions.kl_divergence(q, torch.distributions.Normal(0.0, 1.0))
    assert kl_by_dimension(mu, log_variance).numpy() == pytest.approx(expected.numpy())


@pytest.mark.parametrize("beta", [0.0, 1.0, 3.5])
@pytest.mark.parametrize("objective", ["bernoulli", "gaussian"])
def test_gradients_by_finite_differences(objective: str, beta: float) -> None:
    model_spec = {**SMALL["model"], "beta": beta}
    document = {**SMALL, "model": model_spec, "objective": {"kind": objective}}
    spec, model, goal = made(document)
    x, y = batch(spec, model)
    loss = goal.descend(spec, x, y, still(4))

    def written(draws: StepRandom) -> float:
        """−E_q[log p(x | z)] + β KL, put together anew."""
        with torch.no_grad():
            mu, log_variance = model.posterior(x)
            z = mu + torch.exp(log_variance / 2) * draws.normal(mu)
            kl = 0.5 * (mu**2 + log_variance.exp() - 1 - log_variance).sum(1)
            return float((beta * kl - goal.likelihood.each(model.decode(z), y)).mean())

    assert float(loss) == pytest.approx(written(still(4)))
    step = 1e-6
    for name, p in model.named_parameters():
        assert p.grad is not None
        for place in (0, p.numel() // 2, p.numel() - 1):
            with torch.no_grad():
                flat = p.view(-1)
                flat[place] += step
                up = written(still(4))
                flat[place] -= 2 * step
                down = written(still(4))
                flat[place] += step
            slope = (up - down) / (2 * step)
            found = float(p.grad.view(-1)[place])
            assert found == pytest.approx(slope, rel=1e-4, abs=1e-6), name


@pytest.mark.parametrize("beta", [0.0, 2.5])
def test_the_score_functions_gradient_by_hand(beta: float) -> None:
    """By the code layer's bias it is ℓ ε/σ + β μ and ½ ℓ (ε² − 1) + ½ β (σ² − 1), a mean over
    images; the decoder's gradient and the loss are those of the other estimate. (That its mean is
    the same, too, is shown of the probe ``gradient_variance``.)"""
    document = {**SMALL, "model": {**SMALL["model"], "beta": beta}}
    spec, model, goal = made(document)
    x, y = batch(spec, model)
    loss = goal.descend(spec, x, y, still(3))
    through = [p.grad.clone() for p in model.decoder.parameters() if p.grad is not None]
    for p in model.parameters():
        p.grad = torch.zeros_like(p)
    by_score = changed(spec, {"model.reparameterized": False})
    assert float(goal.descend(by_score, x, y, still(3))) == pytest.approx(float(loss))
    for p, expected in zip(model.decoder.parameters(), through, strict=True):
        assert p.grad is not None
        assert p.grad.numpy() == pytest.approx(expected.numpy(), abs=1e-9)
    with torch.no_grad():
        mu, log_variance = model.posterior(x)
        noise, sigma = still(3).normal(mu), torch.exp(log_variance / 2)
        each = -goal.likelihood.each(model.decode(mu + sigma * noise), y).unsqueeze(1)
        by_mu = each * noise / sigma + beta * mu
        by_log_variance = 0.5 * each * (noise**2 - 1) + 0.5 * beta * (sigma**2 - 1)
        known = torch.cat([by_mu, by_log_variance], dim=1).mean(0)
    assert model.code.bias is not None
    assert model.code.bias.grad is not None
    assert model.code.bias.grad.numpy() == pytest.approx(known.numpy(), abs=1e-9)


def test_beta_is_read_from_the_spec_in_force() -> None:
    spec, model, goal = made()
    x, y = batch(spec, model)
    with torch.no_grad():
        kl = float(kl_by_dimension(*model.posterior(x)).sum(1).mean())
    losses = [
        float(goal.descend(changed(spec, {"model.beta": beta}), x, y, still(1)))
        for beta in (1.0, 3.0)
    ]
    assert losses[1] - losses[0] == pytest.approx(2 * kl)


def test_measures_are_the_parts_of_the_bound_whatever_beta() -> None:
    found = {}
    for beta in (1.0, 4.0):
        one = Trainer(resolve({**SMALL, "model": {**SMALL["model"], "beta": beta}}))
        found[beta] = one.metrics()
    assert found[1.0]["test_loss"] == found[4.0]["test_loss"]
    numbers = {name: float(value) for name, value in found[1.0].items() if value is not None}
    for part in ("train", "test"):
        elbo, kl = numbers[f"{part}_elbo"], numbers[f"{part}_kl"]
        assert elbo == pytest.approx(numbers[f"{part}_reconstruction"] - kl)
        assert numbers[f"{part}_loss"] == pytest.approx(-elbo)
        each = [numbers[f"{part}_kl_{d}"] for d in (1, 2, 3)]
        assert sum(each) == pytest.approx(kl)
        assert f"{part}_kl_4" not in numbers


def test_eight_dimensions_have_columns() -> None:
    _, _, goal = made({**SMALL, "model": {"kind": "vae", "latent": 20}})
    assert [name for name in goal.measures if name.startswith("kl_")] == [
        f"kl_{d}" for d in range(1, 9)
    ]


def test_evaluation_noise_belongs_to_the_row() -> None:
    _, _, goal = made()
    _, _, other = made()
    whole = goal.noise(0, 50)
    assert torch.equal(goal.noise(10, 5), whole[10:15])
    assert torch.equal(other.noise(10, 5), whole[10:15])  # before longer ones were asked for
    assert abs(float(goal.noise(0, 4000).mean())) < 0.05
    assert float(goal.noise(0, 4000).std()) == pytest.approx(1.0, abs=0.05)


def test_evaluated_in_chunks_it_is_the_same() -> None:
    spec, model, goal = made()
    x, y = batch(spec, model, 9)
    with torch.no_grad():
        whole = goal.sums(x, y, 0)
        parts = goal.sums(x[:4], y[:4], 0) + goal.sums(x[4:], y[4:], 4)
    assert parts.tolist() == pytest.approx(whole.tolist())


@given(seed=st.integers(0, 10_000), scale=st.floats(0.1, 3.0))
@settings(max_examples=20, deadline=None)
def test_the_elbo_is_below_the_importance_weighted_bound(seed: int, scale: float) -> None:
    """On the same samples, for any parameters: log of a mean is above the mean of logs."""
    spec, model, goal = made()
    with torch.no_grad():
        for name, p in model.named_parameters():
            p.normal_(0.0, scale, generator=stream(seed, name))
        x, y = batch(spec, model, 2)
        mu, log_variance = model.posterior(x)
        log_variance = log_variance.clamp(-5, 5)
        noise = torch.randn(16, *mu.shape, generator=stream(seed, "z"), dtype=torch.float64)
        z = sampled(mu, log_variance, noise)  # (K, B, D_z)
        # The constants of the two normals cancel.
        sigma = (0.5 * log_variance).exp()
        prior = -0.5 * z.square()
        posterior = -0.5 * ((z - mu) / sigma).square() - sigma.log()
        weights = torch.stack([goal.likelihood.each(model.decode(one), y) for one in z])
        weights += (prior - posterior).sum(2)
    elbo, bound = weights.mean(0), weights.logsumexp(0) - log(16)
    assert (elbo <= bound + 1e-9).all()


def test_a_linear_vae_reaches_the_known_optimum() -> None:
    """Probabilistic PCA: linear encoder and decoder, Gaussian pixels with fixed σ.

    The best log-likelihood is that of N(mean, W Wᵀ + σ² I) with W = U (Λ − σ² I)^½ of the largest
    principal components (Tipping and Bishop 1999), and there the posterior is Gaussian with one
    covariance for all x, which is diagonal in their basis: the ELBO reaches log p(x).
    """
    sigma, latent = 0.25, 2
    document = {
        "data": {"kind": "digits"},
        "model": {"kind": "vae", "hidden": [], "latent": latent},
        "objective": {"kind": "gaussian", "sigma": sigma},
    }
    spec = resolve(document)
    model = Vae(spec).double()
    goal = Evidence(spec, model, GaussianPixels(sigma))
    one = Trainer(spec)
    x = one.parts["train"][0].double()
    flat = x.flatten(1).numpy()
    mean = flat.mean(0)
    values, vectors = np.linalg.eigh(np.cov(flat, rowvar=False, bias=True))
    lengths, u = values[::-1][:latent], vectors[:, ::-1][:, :latent]
    w = u * np.sqrt(lengths - sigma**2)  # (64, D_z)
    covariance = w @ w.T + sigma**2 * np.eye(64)
    _, log_det = np.linalg.slogdet(covariance)
    centred = flat - mean
    mahalanobis = np.einsum("ni,ij,nj->n", centred, np.linalg.inv(covariance), centred)
    best = float((-0.5 * (64 * log(2 * pi) + log_det + mahalanobis)).mean())

    # The optimum's own parameters: M = WᵀW + σ² I is diagonal here.
    m = w.T @ w + sigma**2 * np.eye(latent)
    encoder = np.linalg.inv(m) @ w.T  # μ(x) = M⁻¹ Wᵀ (x − mean), σ² M⁻¹
    spread = np.log(sigma**2 / np.diag(m))
    with torch.no_grad():
        model.code.weight.copy_(torch.from_numpy(np.vstack([encoder, np.zeros_like(encoder)])))
        assert model.code.bias is not None
        model.code.bias.copy_(torch.from_numpy(np.concatenate([-encoder @ mean, spread])))
        (decoder,) = model.up
        decoder.weight.copy_(torch.from_numpy(w))
        assert isinstance(decoder.bias, nn.Parameter)
        decoder.bias.copy_(torch.from_numpy(mean))
        # E_q over many draws of each image; one draw has a standard error of about 0.05 nats.
        elbo = [goal.measure(goal.sums(x, x, len(x) * k).tolist(), x)["elbo"] for k in range(30)]
        same = goal.measure(goal.sums(x[:1000], x[:1000], 0).tolist(), x)["elbo"]
    assert np.mean(elbo) == pytest.approx(best, abs=0.05)

    # And training finds it, from anywhere: on the images and the noise that its rows are over.
    one = Trainer(resolve({**document, "training": {"batch_size": 256}}))
    for eta, steps in ((0.01, 2250), (0.001, 500)):
        one.change(changed(one.spec, {"optimizer.lr": eta}))
        for _ in range(steps):
            one.step()
    assert one.metrics()["train_elbo"] == pytest.approx(same, abs=0.1)
