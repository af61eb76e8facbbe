"""Autoencoders against NumPy by hand, and what they make of images."""

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from livenet.models import StepRandom
from livenet.models.autoencoder import Autoencoder, Vae, sampled
from livenet.spec import resolve
from livenet.training.streams import stream

Floats = NDArray[np.float64]


def made(kind: str = "vae", **model: Any) -> Autoencoder:
    """A small one, its biases drawn, too."""
    size = model.pop("size", None)
    data = {"kind": "shapes", "size": size} if size else {"kind": "digits"}
    spec = resolve({"data": data, "model": {"kind": kind, **model}})
    found = Vae(spec) if kind == "vae" else Autoencoder(spec)
    found.initialize(stream(0, "a"))
    with torch.no_grad():
        for name, p in found.named_parameters():
            if name.endswith("bias"):
                p.normal_(0.0, 0.5, generator=stream(1, name))
    return found


def images(count: int, side: int = 8) -> torch.Tensor:
    return torch.rand(count, 1, side, side, generator=stream(2, "images"))


def noise(step: int, rho: float = 0.0) -> StepRandom:
    return StepRandom(0, step, rho)


def weights(model: torch.nn.Module) -> dict[str, Floats]:
    return {name: p.detach().double().numpy() for name, p in model.named_parameters()}


def dense(w: dict[str, Floats], name: str, h: Floats) -> Floats:
    found: Floats = w[f"{name}.weight"] @ h + w[f"{name}.bias"]
    return found


def convolved(w: Floats, b: Floats, h: Floats, stride: int) -> Floats:
    """Cross-correlation of h (C, H, W) with a border of one zero, by nested loops."""
    padded = np.pad(h, ((0, 0), (1, 1), (1, 1)))
    rows = (h.shape[1] - 1) // stride + 1
    found = np.zeros((len(w), rows, rows))
    for o in range(len(w)):
        for i in range(rows):
            for j in range(rows):
                patch = padded[:, i * stride : i * stride + 3, j * stride : j * stride + 3]
                found[o, i, j] = (patch * w[o]).sum() + b[o]
    return found


def test_dense_forward_by_hand() -> None:
    model = made("autoencoder", hidden=[12, 7], latent=3)
    w = weights(model)
    x = images(4)
    with torch.no_grad():
        theta, z = model(x), model.mean_code(x)
    for n in range(4):
        h = x[n].double().numpy().ravel()
        for name in ("encoder.0", "encoder.1"):
            h = np.maximum(dense(w, name, h), 0)
        code = dense(w, "code", h)
        assert z[n].numpy() == pytest.approx(code, abs=1e-5)
        h = code
        for name in ("decoder.0", "decoder.1"):
            h = np.maximum(dense(w, name, h), 0)
        expected = dense(w, "decoder.2", h).reshape(1, 8, 8)
        assert theta[n].numpy() == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("side", [16, 18])  # 18: 9 and 5, which are not halves
def test_conv_forward_by_hand(side: int) -> None:
    model = made("autoencoder", form="conv", hidden=[3, 4], latent=2, size=side)
    w = weights(model)
    x = images(2, side)
    with torch.no_grad():
        theta = model(x)
    for n in range(2):
        h: Any = x[n].double().numpy()
        sides: list[int] = []
        for name in ("encoder.0", "encoder.1"):
            sides.append(h.shape[1])
            h = np.maximum(convolved(w[f"{name}.weight"], w[f"{name}.bias"], h, 2), 0)
        z = dense(w, "code", h.ravel())
        h = np.maximum(dense(w, "decoder.0", z), 0).reshape(h.shape)
        for name, to in (("decoder.1", sides[1]), ("decoder.2", sides[0])):
            nearest = np.arange(to) * h.shape[1] // to
            h = h[:, nearest][:, :, nearest]
            h = convolved(w[f"{name}.weight"], w[f"{name}.bias"], h, 1)
            h = h if name == "decoder.2" else np.maximum(h, 0)
        assert theta[n].numpy() == pytest.approx(h, abs=1e-5)


def test_the_posterior_is_the_two_halves_of_the_code() -> None:
    model = made(hidden=[9], latent=3)
    assert isinstance(model, Vae)
    w = weights(model)
    x = images(2)
    with torch.no_grad():
        mu, log_variance = model.posterior(x)
        shown = model.mean_code(x)
    h = np.maximum(dense(w, "encoder.0", x[1].double().numpy().ravel()), 0)
    code = dense(w, "code", h)
    assert mu[1].numpy() == pytest.approx(code[:3], abs=1e-5)
    assert log_variance[1].numpy() == pytest.approx(code[3:], abs=1e-5)
    assert torch.equal(shown, mu)


def test_samples_have_the_posteriors_mean_and_spread() -> None:
    mu, log_variance = torch.tensor([0.7, -2.0]), torch.tensor([-1.0, 0.5])
    drawn = torch.randn(200_000, 2, generator=stream(0, "noise"))
    z = sampled(mu, log_variance, drawn)
    assert z.mean(0).numpy() == pytest.approx(mu.numpy(), abs=0.01)
    assert z.var(0).log().numpy() == pytest.approx(log_variance.numpy(), abs=0.02)


def test_only_training_draws() -> None:
    model = made(hidden=[9])
    x = images(3)
    with torch.no_grad():
        tested = model(x)
        assert torch.equal(tested, model(x))
        one, other = (model(x, noise(k)) for k in (1, 2))
        again = model(x, noise(1))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)
    assert not torch.equal(one, tested)


@pytest.mark.parametrize(("objective", "binary"), [("bernoulli", True), ("gaussian", False)])
def test_images_are_their_own_targets(objective: str, binary: bool) -> None:
    document = {
        "data": {"kind": "digits"},
        "model": {"kind": "vae"},
        "objective": {"kind": objective},
    }
    x = torch.tensor([0.0, 0.2, 0.5, 0.5001, 1.0]).view(-1, 1, 1, 1)
    inputs, targets = Vae(resolve(document)).arrange(x, torch.zeros(5))
    expected = torch.tensor([0.0, 0, 0, 1, 1]).view(-1, 1, 1, 1) if binary else x
    assert torch.equal(inputs, expected)
    assert torch.equal(targets, expected)


def test_nothing_touches_the_global_generator() -> None:
    before = torch.get_rng_state()
    made(hidden=[4])(images(2), noise(0, 0.5))
    assert torch.equal(before, torch.get_rng_state())


def test_softmax_of_maps_is_over_channels() -> None:
    model = made("autoencoder", form="conv", activation="softmax")
    with torch.no_grad():
        h = model.encoder[0](images(3))
    assert h.dim() == 4
    torch.testing.assert_close(h.sum(1), torch.ones_like(h[:, 0]))
