"""All parameters in one tensor: views, alignment, padding."""

from typing import Any

import pytest
import torch

from livenet.models import Mlp
from livenet.spec import resolve
from livenet.training.flat import Flat
from tests.training.runs import OPTIMIZERS, names, steps, trainer

HIDDEN = [[], [3], [5, 5, 7], [16, 16]]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_parameters_keep_their_values_and_become_views(hidden: list[int]) -> None:
    module = Mlp(resolve({"model": {"hidden": hidden}}))
    module.initialize(torch.Generator().manual_seed(0))
    before = {name: p.detach().clone() for name, p in module.named_parameters()}
    flat = Flat(module, torch.device("cpu"))
    flat.gradient.fill_(3.0)
    for name, p in module.named_parameters():
        assert torch.equal(p, before[name])
        assert p.data_ptr() % 64 == flat.phi.data_ptr() % 64
        assert p.grad is not None
        assert (p.grad == 3).all()
    flat.phi.mul_(2)
    for name, p in module.named_parameters():
        assert torch.equal(p, 2 * before[name])
        assert torch.equal(flat.named()[name], p)


def test_parameters_do_not_overlap() -> None:
    module = Mlp(resolve({"model": {"hidden": [5, 5, 7]}}))
    flat = Flat(module, torch.device("cpu"))
    for number, view in enumerate(flat.named().values(), start=1):
        assert not view.any()
        view.fill_(number)
    count = sum(p.numel() for p in module.parameters())
    assert int((flat.phi != 0).sum()) == count


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=names)
def test_the_padding_stays_zero(optimizer: dict[str, Any]) -> None:
    one = trainer(optimizer=optimizer, regularization={"l1": 0.1, "l2": 0.1, "dropout": 0.2})
    steps(one, 20)
    used = torch.zeros_like(one.flat.phi)
    for name in one.flat.places:
        one.flat.view(used, name).fill_(1)
    padding = used == 0
    assert padding.any()
    assert not one.flat.phi[padding].any()
    assert not one.flat.gradient[padding].any()
