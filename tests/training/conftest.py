"""Runs in each arithmetic; and no test of training may leave a trace in a random generator that
everyone shares."""

import random
from collections.abc import Iterator

import numpy as np
import pytest
import torch

from tests.arithmetics import arithmetic, uncompiled

__all__ = ["arithmetic", "uncompiled"]


@pytest.fixture(autouse=True)
def _global_generators_stay_as_they_are() -> Iterator[None]:
    before = torch.get_rng_state()
    numpy_before = np.random.get_state(legacy=False)["state"]["key"].copy()  # noqa: NPY002  # only looked at
    python_before = random.getstate()
    yield
    assert torch.equal(torch.get_rng_state(), before)
    assert np.array_equal(np.random.get_state(legacy=False)["state"]["key"], numpy_before)  # noqa: NPY002  # only looked at
    assert random.getstate() == python_before
