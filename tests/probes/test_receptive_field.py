"""The gradient of a unit by the pixels, against differences of the net's own output."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch

from livenet.models.cnn import Cnn
from livenet.pictures import Matrix
from livenet.probes.images.theoretical_field import receptive_fields
from tests.probes.helpers import mark, picture_of, trained

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
    picture = picture_of(
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


BLOCKS: list[list[dict[str, Any]]] = [
    [
        {"kind": "conv", "channels": 2, "kernel": 3, "dilation": 2},
        {"kind": "max_pool", "kernel": 3, "stride": 2},
        {"kind": "conv", "channels": 2, "kernel": 3, "stride": 2},
        {"kind": "upsample"},
        {"kind": "conv", "channels": 2, "kernel": 4, "padding": 0},
    ],
    [
        {"kind": "conv", "channels": 2, "kernel": 3, "stride": 3},
        {"kind": "upsample", "factor": 3},
        {"kind": "conv", "channels": 2, "kernel": 3},
        {"kind": "upsample", "factor": 2},
        {"kind": "max_pool", "kernel": 2},
    ],
]


def reached(blocks: list[dict[str, Any]], unit: int) -> set[int]:
    """The pixels of an endless row that a unit depends on, window by window."""
    units = {unit}
    for block in reversed(blocks):
        size = block.get("kernel", 2)
        if block["kind"] == "upsample":
            units = {i // block.get("factor", 2) for i in units}
        elif block["kind"] == "max_pool":
            units = {block.get("stride", size) * i + u for i in units for u in range(size)}
        else:
            stride, dilation = block.get("stride", 1), block.get("dilation", 1)
            units = {stride * i + dilation * u for i in units for u in range(size)}
    return units


@pytest.mark.parametrize(("blocks", "side"), [(BLOCKS[0], 19), (BLOCKS[1], 6)])
def test_a_field_behind_an_upsampling_is_as_large_as_its_largest_phase(
    blocks: list[dict[str, Any]], side: int
) -> None:
    model = {"kind": "cnn", "blocks": blocks}
    one = trained({"data": {"kind": "shapes", "samples": 40}, "model": model}, 0)
    found = [reached(blocks, unit) for unit in range(12)]
    assert max(max(pixels) - min(pixels) + 1 for pixels in found) == side
    assert receptive_fields(one.spec)[-1].size == side
    assert picture_of(one, "receptive_field", layer=len(blocks)).facts["size"] == side


def test_a_dilated_kernel_leaves_pixels_of_its_field_out() -> None:
    blocks = [{"kind": "conv", "channels": 2, "kernel": 3, "dilation": 2}]
    one = trained({"data": {"kind": "digits"}, "model": {"kind": "cnn", "blocks": blocks}}, 0)
    facts = picture_of(one, "receptive_field", layer=1, row=4, column=0).facts
    assert facts["size"] == 5
    assert (facts["rows"], facts["columns"], facts["reached"]) == ([2, 6], [0, 2], [3, 2])


def test_fields_of_many_upsamplings_are_found_at_once() -> None:
    pair = [{"kind": "upsample", "factor": 8}, {"kind": "max_pool", "kernel": 8}]
    one = trained({"data": {"kind": "digits"}, "model": {"kind": "cnn", "blocks": pair * 12}}, 0)
    assert receptive_fields(one.spec)[-1].size == 1
