"""A step's random numbers: dropout masks and noise, as functions of seed and step."""

import numpy as np
import pytest
import torch
from scipy.stats import kstest

from livenet.models import StepRandom
from livenet.training.streams import number, stream


def drawn(seed: int, step: int, rho: float) -> StepRandom:
    return StepRandom(number(seed, "step"), step, rho)


def masks(seed: int, step: int, rho: float, count: int = 1) -> torch.Tensor:
    found = drawn(seed, step, rho)
    return torch.stack([found.mask(torch.ones(8, 16)) for _ in range(count)])


@pytest.mark.parametrize("rho", [0.1, 0.3, 0.5, 0.9])
def test_dropped_units_are_zero_and_the_rest_scaled(rho: float) -> None:
    found = masks(0, 0, rho, 200)
    kept = found != 0
    assert found[kept].numpy() == pytest.approx(1 / (1 - rho))
    share = float(kept.double().mean())
    assert share == pytest.approx(1 - rho, abs=5 * np.sqrt(rho * (1 - rho) / found.numel()))


def test_masks_are_a_function_of_seed_and_step() -> None:
    one = masks(3, 17, 0.5, 2)
    assert torch.equal(one, masks(3, 17, 0.5, 2))
    assert not torch.equal(one, masks(3, 18, 0.5, 2))
    assert not torch.equal(one, masks(4, 17, 0.5, 2))
    assert not torch.equal(one[0], one[1])  # nor the same mask layer after layer


def test_no_dropout_is_none() -> None:
    h = torch.ones(2, 3)
    assert drawn(0, 0, 0.0).masks is None
    assert drawn(0, 0, 0.0).dropout(h) is h


def test_the_same_shape_in_another_step_or_draw_has_other_numbers() -> None:
    """All draws of a few steps are different, and as often 1 as they should be."""
    found = torch.stack([masks(0, step, 0.5, 3).flatten() for step in range(50)]) > 0
    rows = found.view(150, -1)
    assert len({row.numpy().tobytes() for row in rows}) == 150
    assert abs(float(rows.double().mean()) - 0.5) < 5 * 0.5 / np.sqrt(rows.numel())


def test_noise_is_standard_normal() -> None:
    noise = drawn(0, 0, 0.0).normal(torch.zeros(200, 100, dtype=torch.float64)).numpy()
    assert kstest(noise.ravel(), "norm").pvalue > 0.001


@pytest.mark.parametrize("rho", [0.2, 0.5, 0.8])
def test_expected_output_of_a_linear_layer_is_that_of_the_net_in_testing(rho: float) -> None:
    """E[W (m ∘ h)] = W h, which is the net of the sheet scaled by 1 − ρ (not ρ) with W/(1 − ρ)."""
    w = torch.empty(5, 16, dtype=torch.float64).normal_(generator=stream(0, "w"))
    h = torch.empty(1, 16, dtype=torch.float64).normal_(generator=stream(1, "h"))
    found = torch.stack([(drawn(0, step, rho).dropout(h) @ w.T)[0] for step in range(3000)])
    error = found.std(0) / np.sqrt(len(found))
    assert ((found.mean(0) - (h @ w.T)[0]).abs() < 4 * error).all()
