"""What a picture over many examples goes by: the net's own θ of them, however they are laid out."""

from typing import Any

import pytest
import torch

from livenet.probes.context import Context
from livenet.probes.outputs import evaluated as module
from livenet.probes.outputs.evaluated import evaluated
from tests.probes.helpers import trained

NETS: dict[str, dict[str, Any]] = {
    "cnn": {"data": {"kind": "digits", "samples": 400}},
    "residual": {
        "data": {"kind": "shapes", "samples": 400},
        "model": {
            "blocks": [
                {"kind": "conv", "channels": 3, "padding_mode": "circular"},
                {"kind": "residual", "channels": 4, "norm": "batch"},
                {"kind": "layer_norm"},
                {"kind": "max_pool"},
                {"kind": "dense", "units": 5},
            ]
        },
    },
    "mlp": {"data": {"kind": "blobs", "samples": 60, "count": 3}},
}


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("part", ["train", "test"])
def test_theta_is_that_of_a_plain_pass(name: str, part: str, monkeypatch: Any) -> None:
    """Chunk by chunk and in another layout of memory it is what the net gives, in the same order;
    nothing of the examples themselves is laid out anew."""
    monkeypatch.setattr(module, "batch_size", lambda context: 7)
    one = trained(NETS[name])
    found = evaluated(Context.of(one), part)
    x, y = (values[: len(found.theta)] for values in one.parts[part])
    with torch.inference_mode():
        assert torch.allclose(found.theta, one.model(x), atol=1e-5)
    assert len(found.theta) > 7
    assert torch.equal(found.x, x)
    assert torch.equal(found.y, y)
    assert one.parts[part][0].is_contiguous()
