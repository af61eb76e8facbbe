"""Batch and layer norm against torch's own, and the running figures that wait for ``commit``."""

import pytest
import torch
from torch import Tensor, nn

from livenet.models import build
from livenet.models.norms import BatchNorm, LayerNorm
from livenet.models.step_random import StepRandom
from livenet.spec import resolve
from livenet.training import Trainer
from livenet.training.streams import stream


def drawn(*shape: int) -> Tensor:
    return torch.randn(shape, generator=stream(0, "norms")) * 3 + 1


@pytest.mark.parametrize("shape", [(5, 4, 3, 3), (6, 4)])
def test_batch_norm_is_torchs_step_for_step(shape: tuple[int, ...]) -> None:
    pending: dict[str, Tensor] = {}
    mine = BatchNorm("n", 4, pending)
    theirs: nn.Module = nn.BatchNorm2d(4) if len(shape) == 4 else nn.BatchNorm1d(4)
    for _ in range(3):
        h, before = drawn(*shape), mine.mean.clone()
        assert torch.allclose(mine(h, True), theirs(h), atol=1e-6)
        assert set(pending) == set(mine.kept) == {"n.mean", "n.variance"}
        assert torch.equal(mine.mean, before)  # nothing is taken over before the commit
        mine.mean.copy_(pending.pop("n.mean"))
        mine.variance.copy_(pending.pop("n.variance"))
        assert torch.allclose(mine.mean, theirs.running_mean)  # type: ignore[arg-type]  # a buffer
        assert torch.allclose(mine.variance, theirs.running_var)  # type: ignore[arg-type]  # as above
    theirs.eval()
    assert torch.allclose(mine(drawn(*shape)), theirs(drawn(*shape)), atol=1e-6)
    assert not pending


def test_a_lone_value_is_normalised_as_in_testing() -> None:
    pending: dict[str, Tensor] = {}
    mine = BatchNorm("n", 4, pending)
    h = drawn(1, 4)
    assert torch.equal(mine(h, True), mine(h))
    assert not pending


def test_layer_norm_may_come_before_any_parameter() -> None:
    """Its input then needs no gradient; the gradients of γ and β are the same."""
    torch.manual_seed(0)
    h = torch.randn(5, 4, 3, 3).to(memory_format=torch.channels_last)
    found = []
    for needed in (False, True):
        norm = LayerNorm(4)
        norm(h.clone().requires_grad_(needed)).square().sum().backward()
        assert norm.weight.grad is not None
        found.append(norm.weight.grad)
    assert torch.equal(*found)


def test_layer_norm_is_torchs() -> None:
    h = drawn(5, 4, 3, 3)
    theirs = nn.LayerNorm([4, 3, 3], elementwise_affine=False)
    assert torch.allclose(LayerNorm(4)(h), theirs(h), atol=1e-6)


DOCUMENT = {
    "data": {"kind": "digits", "samples": 60},
    "model": {"blocks": [{"kind": "conv", "channels": 4}, {"kind": "batch_norm"}]},
}


def test_a_step_commits_the_running_figures() -> None:
    one = Trainer(resolve(DOCUMENT))
    before = one.model.state()["layers.1.norm.mean"].clone()
    one.step()
    after = one.model.state()["layers.1.norm.mean"]
    assert not torch.equal(after, before)
    assert not one.model.pending
    assert one.snapshot().buffers.keys() == {"layers.1.norm.mean", "layers.1.norm.variance"}


def test_a_refused_step_leaves_them_alone() -> None:
    """A forward pass in training, without a commit, changes nothing that testing sees."""
    model = build(resolve(DOCUMENT))
    model.initialize(stream(0, "initialization"))
    x = torch.rand(8, 1, 8, 8, generator=stream(0, "images"))
    before = model(x)
    model(x, StepRandom(0, 0, 0.0))
    assert torch.equal(model(x), before)
    model.commit()
    assert not torch.equal(model(x), before)
