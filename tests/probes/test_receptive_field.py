"""The gradient of a unit by the pixels, against differences of the net's own output."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch

from livenet.models.cnn import Cnn
from livenet.pictures import Matrix
from tests.probes.looking import mark, seen, trained

SMOOTH: dict[str, Any] = {
    "data": {"kind": "digits", "samples": 60},
    "model": {
        "activation": "tanh",
        "blocks": [{"kind": "conv", "channels": 3}, {"kind": "conv", "channels": 4}],
    },
}
STEP = 1e-5


@pytest.mark.parametrize("channel", [None, 0, 3])
def test_mean_size_of_the_gradient(channel: int | None) -> None:
    """Of one channel's unit, or of the sum of all there: a mean over images of |∂h/∂x|."""
    one, row, column, images = trained(SMOOTH), 3, 5, 4
    picture = seen(
        one, "receptive_field", layer=2, row=row, column=column, channel=channel, images=images
    )
    model = copy.deepcopy(one.model).double()
    assert isinstance(model, Cnn)
    x = one.parts["test"][0][:images].double()

    def h(pixels: torch.Tensor) -> torch.Tensor:
        """The unit's output for every image: (B,)."""
        there = model.trace(pixels)[1].h[:, :, row, column]
        return there.sum(1) if channel is None else there[:, channel]

    wanted = np.empty((8, 8))
    with torch.no_grad():
        for i, j in np.ndindex(8, 8):
            moved = torch.zeros_like(x)
            moved[:, :, i, j] = STEP
            slope = (h(x + moved) - h(x - moved)) / (2 * STEP)
            wanted[i, j] = float(slope.abs().mean())
    found = mark(picture, Matrix, "gradient").values
    assert found == pytest.approx(wanted, abs=1e-3 * wanted.max())
