"""∂L/∂h_t: against autograd through cells written out step by step."""

import pytest
import torch
from torch import Tensor

from livenet.models.recurrent import Recurrent
from livenet.models.rnn import Rnn
from livenet.models.through_time import state_gradients
from tests.models.test_rnn import CELLS, bits, made


def stepwise(layer: Recurrent, x: Tensor) -> list[Tensor]:
    """The states h_t, each (B, D) and in the graph, of a layer's inputs x (B, T, D_in)."""
    d = layer.width
    h = c = torch.zeros(len(x), d)
    found = []
    for t in range(x.shape[1]):
        a = x[:, t] @ layer.input.weight.T + layer.bias
        s = h @ layer.state.weight.T
        if layer.cell == "lstm":
            i, f, g, o = torch.split(a + s, d, 1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
        elif layer.cell == "gru":
            (a_r, a_z, a_n), (s_r, s_z, s_n) = torch.split(a, d, 1), torch.split(s, d, 1)
            z = (a_z + s_z).sigmoid()
            h = (1 - z) * (a_n + (a_r + s_r).sigmoid() * s_n).tanh() + z * h
        else:
            h = (a + s).tanh() if layer.activation == "tanh" else (a + s).relu()
        h.retain_grad()
        found.append(h)
    return found


def by_autograd(net: Rnn, inputs: Tensor, direct: Tensor) -> list[Tensor]:
    x = net.read(inputs)
    layers = []
    for layer in net.cells:
        layers.append(stepwise(layer, x))
        x = torch.stack(layers[-1], 1)
    net.output(x).backward(direct)
    return [torch.stack([h.grad for h in states if h.grad is not None], 1) for states in layers]


@pytest.mark.parametrize("depth", [1, 2])
@pytest.mark.parametrize(
    ("cell", "activation"), [*((cell, "tanh") for cell in CELLS), ("rnn", "relu")]
)
def test_as_autograd_finds_it(cell: str, activation: str, depth: int) -> None:
    net, inputs = made(cell, depth=depth, activation=activation), bits()
    direct = torch.randn(3, 7, 2, generator=torch.Generator().manual_seed(0))
    wanted = by_autograd(net, inputs, direct)
    found = state_gradients(net, inputs, direct)
    assert len(found) == len(wanted) == depth
    for one, other in zip(found, wanted, strict=True):
        assert float(other.norm()) > 0.1
        torch.testing.assert_close(one, other, atol=1e-6, rtol=1e-4)
