"""The transformer against NumPy loops, closed forms and torch's own attention."""

from math import inf, log, sqrt
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch.nn import functional

from livenet.data import load
from livenet.errors import SpecError
from livenet.models import StepRandom
from livenet.models.attention import Attention, entropy
from livenet.models.positions import sinusoidal
from livenet.models.transformer import ONE_KERNEL, Transformer
from livenet.spec import resolve
from livenet.spec.activations import ACTIVATIONS
from livenet.training.streams import stream
from tests.models.by_hand import VALUES

Floats = NDArray[np.float64]
PAIRS = {"kind": "reverse", "samples": 40, "length": 4, "symbols": 5}
SMALL = {"kind": "transformer", "width": 8, "heads": 2, "depth": 2, "feedforward": 3}
RUNS: dict[str, dict[str, Any]] = {
    "encoder": {"data": PAIRS, "model": SMALL},
    "decoder": {"data": PAIRS, "model": SMALL | {"form": "decoder"}},
    "after": {"data": PAIRS, "model": SMALL | {"norm": "after", "activation": "relu"}},
    "bare": {"data": PAIRS, "model": SMALL | {"norm": "none", "positions": "none"}},
    "sines": {"data": PAIRS, "model": SMALL | {"positions": "sinusoidal", "form": "decoder"}},
    "reals": {"data": {"kind": "waves", "samples": 40, "length": 5}, "model": SMALL},
}
EVERY = pytest.mark.parametrize("name", RUNS)


def built(document: dict[str, Any]) -> tuple[Transformer, torch.Tensor]:
    """A model in double precision, every number in it drawn, and its test inputs."""
    spec = resolve(document)
    model = Transformer(spec).double()
    draw = stream(1, "test")
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(p + torch.randn(p.shape, generator=draw) * 0.4)
    data = load(spec.data)
    inputs, _ = model.arrange(torch.from_numpy(data.test_x), torch.from_numpy(data.test_y))
    return model, inputs if inputs.dtype == torch.int64 else inputs.double()


def by_hand(document: dict[str, Any], model: Transformer, x: Any) -> tuple[Floats, list[Floats]]:
    """θ (T, K) of one sequence and each layer's A (H, T, T), in loops over places and heads."""
    knobs: Any = resolve(document).model
    p: dict[str, Floats] = {
        name: value.detach().numpy() for name, value in model.named_parameters()
    }
    steps, width, heads = len(x), knobs.width, knobs.heads
    d = width // heads

    def normed(h: Floats, name: str) -> Floats:
        middle = h - h.mean(1, keepdims=True)
        spread = np.sqrt((middle**2).mean(1, keepdims=True) + 1e-5)
        found: Floats = middle / spread * p[f"{name}.weight"] + p[f"{name}.bias"]
        return found

    def before(h: Floats, name: str) -> Floats:
        return normed(h, name) if knobs.norm == "before" else h

    def after(h: Floats, name: str) -> Floats:
        return normed(h, name) if knobs.norm == "after" else h

    if x.ndim == 1:
        h = np.stack([p["embedding.weight"][symbol] for symbol in x])
    else:
        h = x @ p["embedding.weight"].T + p["embedding.bias"]
    if knobs.positions == "learned":
        h = h + p["positions.weight"][:steps]
    if knobs.positions == "sinusoidal":
        for t in range(steps):
            for i in range(width // 2):
                angle = t / 10_000 ** (2 * i / width)
                h[t, 2 * i : 2 * i + 2] += np.array(
                    [np.sin(angle), np.cos(angle)], dtype=np.float32
                )
    found = []
    for layer in range(knobs.depth):
        name = f"layers.{layer}"
        into = before(h, f"{name}.attention_norm")
        qkv = into @ p[f"{name}.attention.qkv.weight"].T + p[f"{name}.attention.qkv.bias"]
        mixed = np.zeros((steps, width))
        attention = np.zeros((heads, steps, steps))
        for head in range(heads):
            q, k, v = (qkv[:, i * width + head * d :][:, :d] for i in range(3))
            for t in range(steps):
                keys = range(t + 1) if knobs.causal else range(steps)
                weights = np.exp([q[t] @ k[s] / sqrt(d) for s in keys])
                attention[head, t, list(keys)] = weights / weights.sum()
            mixed[:, head * d : (head + 1) * d] = attention[head] @ v
        out = mixed @ p[f"{name}.attention.out.weight"].T + p[f"{name}.attention.out.bias"]
        h = after(h + out, f"{name}.attention_norm")
        into = before(h, f"{name}.mlp_norm")
        z = into @ p[f"{name}.mlp.hidden.weight"].T + p[f"{name}.mlp.hidden.bias"]
        value = VALUES[knobs.activation.kind](z, knobs.activation.knobs)
        h = h + value @ p[f"{name}.mlp.out.weight"].T + p[f"{name}.mlp.out.bias"]
        h = after(h, f"{name}.mlp_norm")
        found.append(attention)
    h = before(h, "norm")
    return h @ p["head.weight"].T + p["head.bias"], found


@EVERY
def test_forward_and_every_head_are_what_loops_give(name: str) -> None:
    model, inputs = built(RUNS[name])
    with torch.no_grad():
        theta, trace = model(inputs), model.trace(inputs)
    for row in range(3):
        expected, attention = by_hand(RUNS[name], model, inputs[row].numpy())
        np.testing.assert_allclose(theta[row], expected, atol=1e-6)
        np.testing.assert_allclose(trace.theta[row], expected, atol=1e-6)
        for layer, a in zip(trace.layers, attention, strict=True):
            np.testing.assert_allclose(layer.attention[row], a, atol=1e-6)


@EVERY
def test_layers_in_numbers_are_the_real_ones(name: str) -> None:
    spec = resolve(RUNS[name])
    model = Transformer(spec)
    rows = {key: shape for layer in spec.layers for key, shape in layer.tensors.items()}
    assert rows == {key: tuple(p.shape) for key, p in model.named_parameters()}
    assert spec.parameter_count == sum(p.numel() for p in model.parameters())


@pytest.mark.parametrize("causal", [True, False])
def test_the_explicit_path_is_torchs_attention(causal: bool) -> None:
    layer = Attention(12, 3, causal)
    with torch.no_grad():
        for p in layer.parameters():
            p.normal_(generator=stream(0, str(p.shape)))
    h = torch.randn(2, 5, 12, generator=stream(0, "h"))
    with torch.no_grad():
        trace = layer.trace(h)
        fused = functional.scaled_dot_product_attention(trace.q, trace.k, trace.v, is_causal=causal)
        torch.testing.assert_close(trace.attention @ trace.v, fused)
        torch.testing.assert_close(layer(h), layer.merge(fused))
    hidden = torch.ones(5, 5).triu(1).bool()
    assert bool((trace.scores[..., hidden] == -inf).all()) is causal


def test_a_decoder_sees_nothing_that_comes_later_and_an_encoder_does() -> None:
    for name, blind in (("decoder", True), ("encoder", False)):
        model, inputs = built(RUNS[name])
        other = inputs.clone()
        other[:, -1] = (other[:, -1] + 1) % 5
        with torch.no_grad():
            same = torch.equal(model(inputs)[:, :-1], model(other)[:, :-1])
        assert same is blind


def test_sines_and_cosines_are_the_formula() -> None:
    found = sinusoidal(7, 6)
    assert found.shape == (7, 6)
    for t in range(7):
        for i in range(3):
            angle = t / 10_000 ** (2 * i / 6)
            assert found[t, 2 * i].item() == pytest.approx(np.sin(angle), abs=1e-6)
            assert found[t, 2 * i + 1].item() == pytest.approx(np.cos(angle), abs=1e-6)


def test_initialization_is_of_the_generator_alone_and_as_wide_as_it_says() -> None:
    spec = resolve({"data": PAIRS, "model": {"width": 128, "depth": 2}})
    before = torch.get_rng_state()
    one, two = Transformer(spec), Transformer(spec)
    for model in (one, two):
        model.initialize(stream(3, "initialization"))
    assert torch.equal(torch.get_rng_state(), before)
    found = dict(one.named_parameters())
    assert all(torch.equal(p, found[name]) for name, p in two.named_parameters())
    deviations = {
        "embedding.weight": 1.0,
        "layers.1.attention.qkv.weight": sqrt(2 / (128 + 384)),
        "layers.1.attention.out.weight": sqrt(2 / 256) / sqrt(4),
        "layers.0.mlp.out.weight": sqrt(2 / (128 + 512)) / sqrt(4),
    }
    for name, expected in deviations.items():
        assert found[name].std().item() == pytest.approx(expected, rel=0.06)
    assert not found["layers.0.attention.qkv.bias"].any()
    assert bool((found["layers.0.mlp_norm.weight"] == 1).all())


def test_dropout_draws_from_the_steps_own_generator_and_none_leaves_all_as_it_is() -> None:
    model, inputs = built(RUNS["decoder"])
    dropped = [model(inputs, StepRandom(0, 0, 0.5)) for _ in range(2)]
    assert torch.equal(*dropped)
    assert not torch.allclose(dropped[0], model(inputs))
    assert torch.equal(model(inputs, StepRandom(0, 0, 0.0)), model(inputs))


@pytest.mark.parametrize("kind", ONE_KERNEL)
def test_kernels_are_the_activations_of_the_table(kind: str) -> None:
    z = torch.linspace(-12, 12, 997, dtype=torch.float64)
    torch.testing.assert_close(
        ONE_KERNEL[kind](z), ACTIVATIONS[kind].value(z, {}), atol=1e-8, rtol=0
    )


def test_entropy_of_looking_at_one_place_and_everywhere() -> None:
    rows = torch.stack([torch.eye(6)[2], torch.full((6,), 1 / 6)])
    np.testing.assert_allclose(entropy(rows), [0.0, log(6)], atol=1e-6)


def test_a_row_has_each_heads_entropy() -> None:
    model, inputs = built(RUNS["encoder"])
    found = model.measures(inputs)
    assert list(found) == [f"attention_entropy_{n}_{h}" for n in (1, 2) for h in (1, 2)]
    first = [by_hand(RUNS["encoder"], model, row.numpy())[1][1][0] for row in inputs[:16]]
    expected = np.mean([-(a * np.log(a)).sum(1) for a in first])
    assert found["attention_entropy_2_1"] == pytest.approx(expected, abs=1e-5)


def test_of_very_many_heads_a_row_has_each_layers_mean() -> None:
    model, inputs = built({"data": PAIRS, "model": {"width": 64, "heads": 32, "depth": 2}})
    assert list(model.measures(inputs)) == ["attention_entropy_1", "attention_entropy_2"]


def test_pairs_have_an_encoder_and_what_comes_next_a_decoder() -> None:
    for kind, form in (("sort", "encoder"), ("characters", "decoder")):
        model: Any = resolve({"data": {"kind": kind}, "model": {"kind": "transformer"}}).model
        assert model.form == form


def test_of_long_sequences_a_batch_has_fewer() -> None:
    for length, expected in ((10, 64), (32, 32), (200, 8)):
        data = {"kind": "characters", "length": length}
        assert resolve({"data": data, "model": {"kind": "transformer"}}).batch_size == expected


@pytest.mark.parametrize(
    ("data", "model", "path"),
    [
        ("reverse", {"width": 30}, "model.heads"),
        ("reverse", {"width": 9, "heads": 3, "positions": "sinusoidal"}, "model.width"),
        ("characters", {"form": "encoder"}, "model.form"),
        ("waves", {"form": "encoder"}, "model.form"),
    ],
)
def test_what_cannot_be_is_refused_with_a_way_out(
    data: str, model: dict[str, Any], path: str
) -> None:
    with pytest.raises(SpecError) as caught:
        resolve({"data": {"kind": data}, "model": {"kind": "transformer", **model}})
    assert caught.value.path == path
    assert caught.value.hint
