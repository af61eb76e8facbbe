"""The two estimates of a gradient: against autograd, distributions, and a case in closed form."""

from typing import Any

import numpy as np
import pytest
import torch
from torch.distributions import Normal

from livenet.models.autoencoder import Vae, sampled
from livenet.pictures import Bars, Line
from livenet.probes.autoencoders.gradient_variance import estimates
from livenet.probes.context import Context
from livenet.training import Trainer
from tests.probes.helpers import everything, mark, picture_of, trained

DRAWS, IMAGES, SEED = 3, 5, 7


def made(steps: int = 20, **sections: Any) -> tuple[Trainer, Vae]:
    one = trained({"data": {"kind": "digits"}, "model": {"kind": "vae"}, **sections}, steps)
    assert isinstance(one.model, Vae)
    return one, one.model


def test_each_draw_is_what_autograd_gives_for_the_codes_bias() -> None:
    one, model = made()
    found = estimates(Context.of(one), IMAGES, DRAWS, SEED)
    noise = np.random.default_rng([SEED, 3]).standard_normal((DRAWS, IMAGES, 2), dtype=np.float32)
    x = one.parts["train"][0][:IMAGES]
    bias = model.code.bias
    assert bias is not None
    for draw in range(DRAWS):
        with torch.enable_grad():
            mu, log_variance = model.posterior(x)
            z = sampled(mu, log_variance, torch.from_numpy(noise[draw]))
            theta = model.decode(z)
            loss = torch.nn.functional.binary_cross_entropy_with_logits(theta, x, reduction="none")
            through = torch.autograd.grad(loss.flatten(1).sum(1).mean(), bias, retain_graph=True)[0]
            q = Normal(mu, (0.5 * log_variance).exp())
            log_q = q.log_prob(z.detach()).sum(1)  # type: ignore[no-untyped-call]  # torch's own
            weighed = (loss.flatten(1).sum(1).detach() * log_q).mean()
            score = torch.autograd.grad(weighed, bias)[0]
        assert found["reparameterized"][draw] == pytest.approx(through.numpy(), rel=1e-3, abs=1e-4)
        assert found["score"][draw] == pytest.approx(score.numpy(), rel=1e-3, abs=1e-4)


def test_both_are_unbiased_where_the_gradient_is_known() -> None:
    """A linear decoder W z + b and Gaussian pixels: E_q ‖x − W z − b‖²/2s² in closed form has the
    gradients −Wᵀ(x − W μ − b)/s² by μ and ½ σ² diag(WᵀW)/s² by log σ²."""
    s = 0.5
    model_spec = {"kind": "vae", "hidden": [], "latent": 3}
    one, model = made(50, model=model_spec, objective={"kind": "gaussian", "sigma": s})
    found = estimates(Context.of(one), 8, 20_000, 1)
    x = one.parts["train"][0][:8]
    with torch.no_grad():
        mu, log_variance = model.posterior(x)
        (decoder,) = model.up
        w = decoder.weight.flatten(1)  # (64, D_z)
        rest = x.flatten(1) - decoder(mu).flatten(1)
        by_mu = -(rest @ w) / s**2
        by_log_variance = 0.5 * log_variance.exp() * w.square().sum(0) / s**2
        known = torch.cat([by_mu, by_log_variance], dim=1).mean(0).double().numpy()
    for values in found.values():
        error = values.std(0, ddof=1) / np.sqrt(len(values))
        assert (np.abs(values.mean(0) - known) < 4.5 * error).all()
    assert (found["score"].var(0) > found["reparameterized"].var(0)).all()


def test_the_picture_has_running_means_and_deviations() -> None:
    one, _ = made()
    found = estimates(Context.of(one), 16, 30, 2)
    picture = picture_of(one, "gradient_variance", draws=30, images=16, seed=2)
    lines = {m.label: m for m in picture.plots[0].marks if isinstance(m, Line)}
    for name, label in (("score", "score function"), ("reparameterized", "reparameterized")):
        first = found[name][:, 0]
        assert lines[label].x.tolist() == list(range(2, 31))
        assert lines[label].y[-1] == pytest.approx(first.mean(), rel=1e-5)
        assert lines[label].y[3] == pytest.approx(first[:5].mean(), rel=1e-5)
        variance = found[name].var(0, ddof=1).mean()
        assert picture.facts[f"{name}_variance"] == pytest.approx(variance)
    bars = mark(picture, Bars)
    assert bars.values**2 == pytest.approx(
        [picture.facts["reparameterized_variance"], picture.facts["score_variance"]], rel=1e-5
    )


def test_looking_leaves_gradients_and_draws_alone() -> None:
    one, _ = made()
    before = everything(one)
    picture_of(one, "gradient_variance", draws=4, images=4)
    assert everything(one) == before
