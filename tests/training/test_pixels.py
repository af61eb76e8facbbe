"""Likelihoods of images against scipy-free closed forms, NumPy loops and finite differences."""

from math import exp, log, pi

import numpy as np
import pytest
import torch

from livenet.training.pixels import BernoulliPixels, GaussianPixels, Pixels
from livenet.training.streams import stream

SIGMA = 0.3
BOTH: list[Pixels] = [BernoulliPixels(), GaussianPixels(SIGMA)]
EACH = pytest.mark.parametrize("pixels", BOTH, ids=["bernoulli", "gaussian"])


def batch(count: int = 5) -> tuple[torch.Tensor, torch.Tensor]:
    """θ and black and white images, float64."""
    generator = stream(3, "pixels")
    theta = torch.randn(count, 1, 3, 3, generator=generator, dtype=torch.float64)
    return theta, (torch.rand(count, 1, 3, 3, generator=generator) > 0.5).double()


def log_density(pixels: Pixels, theta: float, x: float) -> float:
    """log p of one pixel, from the definition."""
    if isinstance(pixels, GaussianPixels):
        return log(exp(-0.5 * ((x - theta) / SIGMA) ** 2) / (SIGMA * (2 * pi) ** 0.5))
    share = 1 / (1 + exp(-theta))
    return log(share if x == 1 else 1 - share)


@EACH
def test_a_sum_over_pixels_and_a_mean_over_images(pixels: Pixels) -> None:
    theta, y = batch()
    expected = [
        sum(
            log_density(pixels, float(t), float(x))
            for t, x in zip(theta[n].ravel(), y[n].ravel(), strict=True)
        )
        for n in range(len(y))
    ]
    assert pixels.each(theta, y).numpy() == pytest.approx(expected)
    assert float(pixels.nll(theta, y)) == pytest.approx(-np.mean(expected))
    assert pixels.sums(theta, y)[:2].tolist() == pytest.approx([-np.sum(expected), 5.0])


@EACH
def test_the_gradient_is_that_of_the_loss(pixels: Pixels) -> None:
    theta, y = batch(2)
    found = pixels.gradient(theta, y)
    step = 1e-6
    for place in np.ndindex(theta.shape):
        up, down = theta.clone(), theta.clone()
        up[place] += step
        down[place] -= step
        slope = (pixels.nll(up, y) - pixels.nll(down, y)) / (2 * step)
        assert float(found[place]) == pytest.approx(float(slope), abs=1e-6)


@EACH
def test_the_error_is_of_the_mean_image(pixels: Pixels) -> None:
    theta, y = batch()
    image = 1 / (1 + np.exp(-theta.numpy())) if pixels is BOTH[0] else theta.numpy()
    assert pixels.mean(theta).numpy() == pytest.approx(image)
    found = pixels.measure(pixels.sums(theta, y).tolist(), y)
    assert found == {"mse": pytest.approx(((image - y.numpy()) ** 2).mean())}


@EACH
def test_sums_of_chunks_add_up(pixels: Pixels) -> None:
    theta, y = batch()
    parts = pixels.sums(theta[:2], y[:2]) + pixels.sums(theta[2:], y[2:])
    assert parts.tolist() == pytest.approx(pixels.sums(theta, y).tolist())


def test_the_density_of_a_gaussian_pixel_integrates_to_one() -> None:
    x = np.linspace(-4, 5, 20_001)
    theta = torch.full((len(x), 1, 1, 1), 0.4, dtype=torch.float64)
    density = GaussianPixels(SIGMA).each(theta, torch.from_numpy(x).view(-1, 1, 1, 1)).exp()
    assert float(np.trapezoid(density.numpy(), x)) == pytest.approx(1.0, abs=1e-9)
