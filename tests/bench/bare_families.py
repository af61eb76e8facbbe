"""The loops that anybody would write of each family, in plain PyTorch; prints steps a second.

Layers, widths and batches are those of the spec's defaults; fused Adam, one thread, no evaluation.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from typing import cast

os.environ["OMP_NUM_THREADS"] = "1"

import torch
from torch import Tensor, nn
from torch.nn import functional

from livenet.spec import RunSpec, resolve
from livenet.spec import model as models
from livenet.training import Trainer
from tests.bench.families import WATCHED

Loss = Callable[[Tensor, Tensor], Tensor]


def cnn(spec: RunSpec) -> tuple[nn.Module, Loss]:
    parts: list[nn.Module] = []
    channels, side = 1, 8
    assert isinstance(spec.model, models.Cnn)
    for block in spec.model.blocks:
        if block.kind == "conv":
            parts += [nn.Conv2d(channels, block.channels, 3, padding=1), nn.ReLU()]
            channels = block.channels
        elif block.kind == "max_pool":
            parts.append(nn.MaxPool2d(2))
            side //= 2
        elif block.kind == "batch_norm":
            parts.append(nn.BatchNorm2d(channels))
        elif block.kind == "dense":
            parts += [nn.Flatten(), nn.Linear(channels * side**2, block.units), nn.ReLU()]
            channels, side = block.units, 1
    net = nn.Sequential(*parts, nn.Flatten(), nn.Linear(channels * side**2, 10))
    return net, lambda x, y: functional.cross_entropy(net(x), y)


def lstm(spec: RunSpec) -> tuple[nn.Module, Loss]:
    assert isinstance(spec.model, models.Rnn)
    data = spec.data
    inside, outside = len(data.symbols_in), len(data.symbols_out)  # type: ignore[union-attr]  # a task of symbols
    net = nn.ModuleList(
        [
            nn.LSTM(inside, spec.model.hidden, batch_first=True),
            nn.Linear(spec.model.hidden, outside),
        ]
    )

    def loss(x: Tensor, y: Tensor) -> Tensor:
        states, _ = net[0](functional.one_hot(x, inside).float())
        return functional.cross_entropy(net[1](states).flatten(0, 1), y.flatten(), ignore_index=-1)

    return net, loss


class Reader(nn.Module):
    """torch's own transformer layers with learned positions."""

    def __init__(self, spec: RunSpec, steps: int) -> None:
        super().__init__()
        model = spec.model
        assert isinstance(model, models.Transformer)
        width, symbols = model.width, spec.data.symbols_in  # type: ignore[union-attr]  # a task of symbols
        self.causal = model.causal
        self.symbols = nn.Embedding(len(symbols), width)
        self.places = nn.Parameter(0.02 * torch.randn(steps, width))
        layer = nn.TransformerEncoderLayer(
            width, model.heads, model.feedforward * width, 0.0, "gelu", batch_first=True,
            norm_first=True,
        )  # fmt: skip
        self.layers = nn.TransformerEncoder(layer, model.depth, enable_nested_tensor=False)
        self.head = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, spec.data.classes))
        self.mask = nn.Transformer.generate_square_subsequent_mask(steps)

    def forward(self, x: Tensor) -> Tensor:
        h = self.symbols(x) + self.places
        mask = self.mask if self.causal else None
        return cast(Tensor, self.head(self.layers(h, mask, is_causal=self.causal)))


def transformer(spec: RunSpec) -> tuple[nn.Module, Loss]:
    net = Reader(spec, Trainer(spec).parts["train"][0].shape[1])

    def loss(x: Tensor, y: Tensor) -> Tensor:
        return functional.cross_entropy(net(x).flatten(0, 1), y.flatten(), ignore_index=-1)

    return net, loss


def dense(*widths: int) -> list[nn.Module]:
    parts: list[nn.Module] = []
    for before, after in pairwise(widths):
        parts += [nn.Linear(before, after), nn.ReLU()]
    return parts[:-1]


def autoencoder(spec: RunSpec) -> tuple[nn.Module, Loss]:
    assert isinstance(spec.model, models.Autoencoder)
    hidden, latent = spec.model.hidden, spec.model.latent
    net = nn.Sequential(
        nn.Flatten(), *dense(64, *hidden, latent), *dense(latent, *hidden[::-1], 64)
    )  # fmt: skip

    def loss(x: Tensor, y: Tensor) -> Tensor:
        pixels = functional.binary_cross_entropy_with_logits(net(x), y.flatten(1), reduction="sum")
        return pixels / len(x)

    return net, loss


def vae(spec: RunSpec) -> tuple[nn.Module, Loss]:
    assert isinstance(spec.model, models.Vae)
    hidden, latent = spec.model.hidden, spec.model.latent
    encoder = nn.Sequential(nn.Flatten(), *dense(64, *hidden, 2 * latent))
    decoder = nn.Sequential(*dense(latent, *hidden[::-1], 64))
    net = nn.ModuleList([encoder, decoder])

    def loss(x: Tensor, y: Tensor) -> Tensor:
        mu, log_variance = encoder(x).chunk(2, 1)
        z = mu + torch.exp(0.5 * log_variance) * torch.randn_like(mu)
        pixels = functional.binary_cross_entropy_with_logits(
            decoder(z), y.flatten(1), reduction="sum"
        )
        kl = 0.5 * (mu.square() + log_variance.exp() - log_variance - 1).sum()
        total: Tensor = (pixels + kl) / len(x)
        return total

    return net, loss


FAMILIES = {
    "cnn": cnn,
    "lstm": lstm,
    "transformer": transformer,
    "autoencoder": autoencoder,
    "vae": vae,
}


def loop(family: str, seconds: float) -> float:
    torch.set_num_threads(1)
    spec = resolve(WATCHED[family][0])
    x, y = Trainer(spec).parts["train"]
    net, loss = FAMILIES[family](spec)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.001, fused=True)

    def epoch() -> int:
        order = torch.split(torch.randperm(len(x)), spec.batch_size)
        for rows in order:
            optimizer.zero_grad()
            loss(x[rows], y[rows]).backward()  # type: ignore[no-untyped-call]  # torch's own
            optimizer.step()
        return len(order)

    epoch()
    steps, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        steps += epoch()
    return steps / (time.perf_counter() - start)


if __name__ == "__main__":
    print(loop(sys.argv[1], float(sys.argv[2])))
