"""Recurrent networks: each gate equation in NumPy, the parameters that the spec tells of, draws."""

from typing import Any

import numpy as np
import pytest
import torch

from livenet.models import StepRandom
from livenet.models.rnn import Rnn
from livenet.spec import resolve
from livenet.spec.model.rnn import GATES
from livenet.training.streams import stream
from tests.models.cells_by_hand import run, weights

CELLS = ("rnn", "lstm", "gru")
EVERY = pytest.mark.parametrize("cell", CELLS)


def made(cell: str = "lstm", data: dict[str, Any] | None = None, **model: Any) -> Rnn:
    """A small network; its biases are drawn, too, so that a test sees where they go."""
    spec = resolve(
        {
            "data": data or {"kind": "parity", "length": 7},
            "model": {"kind": "rnn", "cell": cell, "hidden": 5, **model},
        }
    )
    net = Rnn(spec)
    net.initialize(stream(0, "test"))
    with torch.no_grad():
        for name, p in net.named_parameters():
            if name.endswith("bias"):
                p.add_(torch.empty_like(p).normal_(0.0, 0.5, generator=stream(0, name)))
    return net


def bits(count: int = 3, steps: int = 7) -> torch.Tensor:
    return torch.randint(2, (count, steps), generator=stream(1, "bits"))


def by_hand(net: Rnn, cell: str, tokens: list[int], relu: bool = False) -> list[list[Any]]:
    """Every layer's time steps for one sequence of symbols."""
    x = np.eye(2)[tokens]
    found = []
    for layer in range(len(net.cells)):
        found.append(run(cell, weights(dict(net.named_parameters()), layer), x, relu))
        x = np.stack([now["h"] for now in found[-1]])
    return found


@EVERY
@pytest.mark.parametrize("depth", [1, 3])
def test_theta_is_what_the_equations_give(cell: str, depth: int) -> None:
    net, inputs = made(cell, depth=depth), bits()
    theta = net(inputs)
    assert theta.shape == (3, 7, 2)
    for row, tokens in enumerate(inputs.tolist()):
        h = np.stack([now["h"] for now in by_hand(net, cell, tokens)[-1]])
        w, b = (p.detach().double().numpy() for p in (net.output.weight, net.output.bias))
        np.testing.assert_allclose(theta[row].detach().numpy(), h @ w.T + b, atol=2e-6)


@EVERY
def test_every_gate_is_what_its_equation_gives(cell: str) -> None:
    net, inputs = made(cell, depth=2), bits()
    states = net.states(inputs)
    for layer in range(2):
        gates = net.cells[layer].gates(states[layer], states[layer + 1])
        for row, tokens in enumerate(inputs.tolist()):
            for t, now in enumerate(by_hand(net, cell, tokens)[layer]):
                assert set(gates) == set(now)
                for name, value in now.items():
                    found = gates[name][row, t].detach().numpy()
                    np.testing.assert_allclose(found, value, atol=2e-6, err_msg=name)


def test_a_plain_cell_may_be_rectified() -> None:
    net, inputs = made("rnn", activation="relu"), bits()
    for row, tokens in enumerate(inputs.tolist()):
        h = np.stack([now["h"] for now in by_hand(net, "rnn", tokens, relu=True)[-1]])
        np.testing.assert_allclose(net.states(inputs)[1][row].detach().numpy(), h, atol=2e-6)


@EVERY
@pytest.mark.parametrize("data", ["parity", "addition", "waves", "characters", "reverse"])
def test_the_spec_tells_every_parameter_and_shape(cell: str, data: str) -> None:
    spec = resolve({"data": {"kind": data}, "model": {"kind": "rnn", "cell": cell, "depth": 2}})
    told = {name: shape for layer in spec.layers for name, shape in layer.tensors.items()}
    net = Rnn(spec)
    assert told == {name: tuple(p.shape) for name, p in net.named_parameters()}
    assert spec.parameter_count == sum(p.numel() for p in net.parameters())
    for layer in spec.layers:
        assert eval(layer.terms.replace("\\cdot", "*").replace("(", "*(")) == layer.parameters  # noqa: S307  # our own words


def test_the_first_layer_reads_real_numbers_as_they_are() -> None:
    net = made("lstm", {"kind": "addition", "length": 4})
    x = torch.rand(2, 4, 2, generator=stream(2, "x"))
    found = run("lstm", weights(dict(net.named_parameters()), 0), x[0].double().numpy())
    np.testing.assert_allclose(net.states(x)[1][0, -1].detach().numpy(), found[-1]["h"], atol=2e-6)


@EVERY
def test_going_on_is_like_reading_at_once(cell: str) -> None:
    net, inputs = made(cell, depth=2), bits()
    first, states = net.go_on(inputs[:, :3], None)
    second, _ = net.go_on(inputs[:, 3:], states)
    torch.testing.assert_close(torch.cat([first, second], 1), net(inputs))


@EVERY
def test_what_is_predicted_depends_on_the_past_alone(cell: str) -> None:
    net, inputs = made(cell), bits()
    other = inputs.clone()
    other[:, 4:] = 1 - other[:, 4:]
    torch.testing.assert_close(net(inputs)[:, :4], net(other)[:, :4])
    assert not torch.equal(net(inputs)[:, 4:], net(other)[:, 4:])


def test_pairs_are_read_source_first_and_scored_from_the_separator_on() -> None:
    net = made("lstm", {"kind": "reverse", "length": 3, "symbols": 5})
    x, y = torch.tensor([[4, 0, 2]]), torch.tensor([[2, 0, 4]])
    inputs, targets = net.arrange(x, y)
    assert inputs.tolist() == [[4, 0, 2, 5, 2, 0]]
    assert targets.tolist() == [[-1, -1, -1, 2, 0, 4]]


@EVERY
def test_initialization(cell: str) -> None:
    spec = resolve(
        {
            "data": {"kind": "parity"},
            "model": {
                "kind": "rnn",
                "cell": cell,
                "hidden": 16,
                "initializer": "orthogonal",
                "forget_bias": 3.0,
            },
        }
    )
    net = Rnn(spec)
    before = torch.get_rng_state()
    net.initialize(stream(0, "test"))
    assert torch.equal(torch.get_rng_state(), before)
    for block in torch.split(net.cells[0].state.weight, 16):
        torch.testing.assert_close(block @ block.T, torch.eye(16), atol=1e-5, rtol=0)
    wanted = [0.0] * (16 * len(GATES[cell]))
    if cell == "lstm":
        wanted[16:32] = [3.0] * 16
    assert net.cells[0].bias.tolist() == wanted


def test_state_weights_lie_by_default_within_one_over_the_root_of_the_units() -> None:
    spec = resolve({"data": {"kind": "parity"}, "model": {"kind": "rnn", "hidden": 100}})
    net = Rnn(spec)
    net.initialize(stream(0, "test"))
    assert 0.098 < float(net.cells[0].state.weight.detach().abs().max()) < 0.101


def test_dropout_is_between_layers_and_never_in_time() -> None:
    net, inputs = made("lstm", depth=2), bits()
    draws = StepRandom(5, 0, 0.5)
    again = StepRandom(5, 0, 0.5)
    one = net(inputs, draws)
    assert torch.equal(one, net(inputs, again))
    assert not torch.equal(one, net(inputs))
    masks = StepRandom(5, 0, 0.5)
    h = net.cells[0](net.read(inputs))
    h = net.cells[1](h * masks.mask(h))
    torch.testing.assert_close(one, net.output(h * masks.mask(h)))
