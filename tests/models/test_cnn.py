"""The convolutional network against nested loops in NumPy, and against torch's own modules."""

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from livenet.models import build
from livenet.models.cnn import Cnn
from livenet.models.residual_block import Residual
from livenet.models.step_random import StepRandom
from livenet.spec import resolve
from livenet.training.streams import stream

Floats = NDArray[np.float64]
SIDE = 8


def net(*blocks: dict[str, Any], seed: int = 0, **fields: Any) -> Cnn:
    """A net on digits in float64, every parameter drawn (biases and norms too)."""
    document = {"data": {"kind": "digits"}, "model": {"blocks": list(blocks), **fields}}
    made = build(resolve(document))
    assert isinstance(made, Cnn)
    made = made.double()
    with torch.no_grad():
        for name, p in made.named_parameters():
            p.normal_(0.0, 0.5, generator=stream(seed, name))
        for name, buffer in made.named_buffers():
            buffer.uniform_(0.5, 1.5, generator=stream(seed, name))
    return made


def parameter(model: Cnn, name: str) -> Floats:
    found: Floats = model.get_parameter(name).detach().numpy()
    return found


def images(count: int = 3, channels: int = 1, side: int = SIDE) -> Tensor:
    drawn = torch.rand(count, channels, side, side, generator=stream(1, "images"))
    return drawn.double()


def correlated(
    x: Floats, w: Floats, b: Floats, stride: int, padding: int, dilation: int, circular: bool
) -> Floats:
    """z by the definition, place by place: x (B, C, H, W), w (C', C, k, k), b (C',)."""
    count, channels, height, width = x.shape
    kernels, _, k, _ = w.shape
    reach = dilation * (k - 1) + 1
    rows = (height + 2 * padding - reach) // stride + 1
    columns = (width + 2 * padding - reach) // stride + 1
    z = np.zeros((count, kernels, rows, columns))
    for n in range(count):
        for c in range(kernels):
            for i in range(rows):
                for j in range(columns):
                    total = b[c]
                    for into in range(channels):
                        for u in range(k):
                            for v in range(k):
                                p = i * stride + u * dilation - padding
                                q = j * stride + v * dilation - padding
                                if circular:
                                    p, q = p % height, q % width
                                if 0 <= p < height and 0 <= q < width:
                                    total += w[c, into, u, v] * x[n, into, p, q]
                    z[n, c, i, j] = total
    return z


@pytest.mark.parametrize("kernel", [1, 2, 3, 5])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize(("padding", "dilation"), [(0, 1), (None, 1), (2, 1), (3, 2)])
@pytest.mark.parametrize("mode", ["zeros", "circular"])
def test_convolution_is_its_definition(
    kernel: int, stride: int, padding: int | None, dilation: int, mode: str
) -> None:
    if dilation * (kernel - 1) + 1 > SIDE + 2 * (padding or 0):
        pytest.skip("the kernel does not fit")
    block = {"kind": "conv", "channels": 2, "kernel": kernel, "stride": stride,
             "padding": padding, "dilation": dilation, "padding_mode": mode}  # fmt: skip
    model = net(block)
    x = images(2)
    found = model.trace(x)[0]
    w, b = (parameter(model, f"layers.0.{name}") for name in ("weight", "bias"))
    pad = dilation * (kernel - 1) // 2 if padding is None else padding
    z = correlated(x.numpy(), w, b, stride, pad, dilation, mode == "circular")
    assert found.z.detach().numpy() == pytest.approx(z, abs=1e-12)
    assert found.h.detach().numpy() == pytest.approx(np.maximum(z, 0), abs=1e-12)


def test_a_convolution_sums_over_its_input_channels() -> None:
    model = net({"kind": "conv", "channels": 3}, {"kind": "conv", "channels": 2})
    trace = model.trace(images(1))
    w, b = (parameter(model, f"layers.1.{name}") for name in ("weight", "bias"))
    z = correlated(trace[1].input.detach().numpy(), w, b, 1, 1, 1, circular=False)
    assert trace[1].z.detach().numpy() == pytest.approx(z, abs=1e-12)


@pytest.mark.parametrize("kind", ["max_pool", "avg_pool"])
@pytest.mark.parametrize(("kernel", "stride"), [(2, None), (3, 2), (3, 1), (2, 3)])
def test_pooling_is_the_windows_largest_or_mean(kind: str, kernel: int, stride: int | None) -> None:
    model = net({"kind": kind, "kernel": kernel, "stride": stride})
    x = images()
    found = model.trace(x)[0].h.numpy()
    step = stride or kernel
    reduce = np.max if kind == "max_pool" else np.mean
    for i in range(found.shape[2]):
        for j in range(found.shape[3]):
            window = x[:, :, i * step : i * step + kernel, j * step : j * step + kernel].numpy()
            assert found[:, :, i, j] == pytest.approx(reduce(window, axis=(2, 3)))


def test_upsampling_repeats_every_pixel() -> None:
    x = images()
    found = net({"kind": "upsample", "factor": 3}).trace(x)[0].h.numpy()
    assert np.array_equal(found, x.numpy().repeat(3, axis=2).repeat(3, axis=3))


def test_flatten_and_global_pooling() -> None:
    x = images()
    assert np.array_equal(net({"kind": "flatten"}).trace(x)[0].h, x.numpy().reshape(3, -1))
    mean = x.numpy().mean(axis=(2, 3))
    assert net({"kind": "global_pool"}).trace(x)[0].h.numpy() == pytest.approx(mean)


def test_the_whole_net_is_torchs() -> None:
    """The default blocks, put together from torch's own modules with the same weights."""
    model = net(
        {"kind": "conv", "channels": 4}, {"kind": "max_pool"},
        {"kind": "conv", "channels": 6}, {"kind": "max_pool"}, {"kind": "dense", "units": 5},
    )  # fmt: skip
    theirs = nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(4, 6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(24, 5), nn.ReLU(), nn.Linear(5, 10),
    ).double()  # fmt: skip
    for mine, other in zip(model.parameters(), theirs.parameters(), strict=True):
        other.data = mine.data
    x = images()
    assert torch.allclose(model(x), theirs(x), atol=1e-12)


@pytest.mark.parametrize("skip", [True, False])
@pytest.mark.parametrize("channels", [3, 5])
@pytest.mark.parametrize("norm", ["none", "batch"])
def test_the_residual_block(skip: bool, channels: int, norm: str) -> None:
    """h + f(h), or f(h) alone, with f = (norm, σ, convolution) twice; P h where channels differ."""
    model = net(
        {"kind": "conv", "channels": 3},
        {"kind": "residual", "channels": channels, "skip": skip, "norm": norm},
    )
    trace = model.trace(images())[1]
    block = model.blocks[1]
    assert isinstance(block, Residual)
    h = trace.input
    assert len(block.norms) == (2 if norm == "batch" else 0)
    for own, conv in block.parts:
        if own:
            h = functional.batch_norm(h, own.mean, own.variance, own.weight, own.bias)
        h = functional.conv2d(h.relu(), conv.weight, conv.bias, padding=1)
    if skip and channels != 3:
        assert block.projection is not None
        identity = torch.einsum("oc,bchw->bohw", block.projection[:, :, 0, 0], trace.input)
    else:
        identity = trace.input
    assert torch.allclose(trace.h, h + identity if skip else h, atol=1e-12)
    assert skip or block.projection is None


def test_a_norm_behind_a_convolution_comes_before_the_activation() -> None:
    model = net({"kind": "conv", "channels": 3}, {"kind": "batch_norm"}, {"kind": "max_pool"})
    conv, norm = model.trace(images())[:2]
    assert torch.equal(conv.h, conv.z)
    assert (conv.h < 0).any()
    assert torch.equal(norm.h, norm.z.relu())
    assert (norm.z < 0).any()


def test_the_trace_ends_in_theta() -> None:
    model = net({"kind": "conv", "channels": 3}, {"kind": "global_pool"})
    x = images()
    assert torch.equal(model.trace(x)[-1].h, model(x))


def test_softmax_is_over_channels() -> None:
    model = net({"kind": "conv", "channels": 3}, activation="softmax")
    trace = model.trace(images())[0]
    assert torch.allclose(trace.h, trace.z.softmax(1), atol=1e-12)


@pytest.mark.parametrize("initializer", ["he_normal", "xavier_uniform", "lecun_normal"])
def test_initial_weights_count_the_kernels_pixels(initializer: str) -> None:
    """Var(w) by fans of k²·C, by the definitions; the number of draws bounds the error."""
    model = build(resolve({"data": {"kind": "digits"}, "model": {
        "initializer": initializer,
        "blocks": [{"kind": "conv", "channels": 64}, {"kind": "conv", "channels": 96}],
    }}))  # fmt: skip
    model.initialize(stream(0, "initialization"))
    weight = dict(model.named_parameters())["layers.1.weight"].detach().numpy()
    fan_in, fan_out = 64 * 9, 96 * 9
    wanted = {"he_normal": 2 / fan_in, "lecun_normal": 1 / fan_in,
              "xavier_uniform": 2 / (fan_in + fan_out)}[initializer]  # fmt: skip
    assert weight.var() == pytest.approx(wanted, rel=0.02)
    assert not dict(model.named_parameters())["layers.1.bias"].any()


def test_orthogonal_kernels() -> None:
    model = build(resolve({"data": {"kind": "digits"}, "model": {
        "initializer": "orthogonal", "blocks": [{"kind": "conv", "channels": 8}]}}))  # fmt: skip
    model.initialize(stream(0, "initialization"))
    w = dict(model.named_parameters())["layers.0.weight"].detach().numpy().reshape(8, 9)
    assert w @ w.T == pytest.approx(np.eye(8), abs=1e-5)


def test_dropout_leaves_out_units_behind_each_activation() -> None:
    model = net({"kind": "conv", "channels": 4}, {"kind": "max_pool"}, {"kind": "flatten"})
    x = images(64)
    draws = StepRandom(0, 0, 0.5)
    kept = model.blocks[0](x, draws)
    still = model.blocks[0](x)
    share = (kept[still > 0] == 0).double().mean().item()
    assert share == pytest.approx(0.5, abs=0.02)
    assert torch.allclose(kept[kept > 0], 2 * still[kept > 0])
    assert torch.equal(model.blocks[1](x, draws), model.blocks[1](x))
