"""Autoencoders: encode an image as a code z and decode it; a VAE's code is a distribution.

The parts are an encoder g, a decoder f that mirrors it, dense or convolutional, and between them
one linear layer, ``code``: z itself, or μ(x) and log σ²(x) of the posterior
q(z | x) = N(μ, diag(σ²)).
θ are the pixels' logits (Bernoulli) or means (Gaussian), (B, 1, H, W).
"""

from __future__ import annotations

from itertools import pairwise
from math import prod

import torch
from torch import Tensor, nn

from livenet.models.halving import Doubling, Halving
from livenet.models.initial import draw
from livenet.models.mlp import Dense
from livenet.models.network import Network
from livenet.models.step_random import StepRandom
from livenet.spec import RunSpec
from livenet.spec import model as models
from livenet.spec.choice import Choice
from livenet.spec.model.autoencoder_layers import shapes

Layer = Dense | Halving | Doubling


class Autoencoder(Network):
    """z = g(x), θ = f(z); parameters ``encoder.{i}``, ``code`` and ``decoder.{i}``."""

    numbers = 1
    """Outputs of the code layer for each latent dimension."""

    def __init__(self, spec: RunSpec) -> None:
        super().__init__()
        model = spec.model
        assert isinstance(model, models.Autoencoding)
        down, up = shapes(spec)
        chosen, conv = model.activation, model.form == "conv"
        self.image = down[0]  # (1, H, W)
        self.latent = model.latent
        self.binary = spec.objective.binary
        self._initializer = model.initializer
        # Input shape of the decoder's convolutions; None without convolutions.
        self._start = up[1] if conv else None
        self.encoder = nn.ModuleList(
            Halving(before[0], after[0], chosen)
            if conv
            else Dense(prod(before), prod(after), chosen, bias=True, residual=False)
            for before, after in pairwise(down)
        )
        self.code = Dense(prod(down[-1]), self.numbers * model.latent, None, True, False)
        self.decoder = nn.ModuleList()
        for place, (before, after) in enumerate(pairwise(up)):
            sigma = None if place == len(up) - 2 else chosen
            if conv and place:
                self.decoder.append(Doubling(before[0], after[0], sigma, after[1:]))
            else:
                self.decoder.append(Dense(prod(before), prod(after), sigma, True, False))
        # Cached: nn.ModuleList builds a new iterator chain at every loop over it.
        self.down: tuple[Layer, ...] = tuple(self.encoder)  # type: ignore[arg-type]  # all Layers
        self.up: tuple[Layer, ...] = tuple(self.decoder)  # type: ignore[arg-type]  # all Layers

    def initialize(self, generator: torch.Generator) -> None:
        """Draws every weight from the generator, in the order of the layers; biases stay 0."""
        fed_by: Choice | None = None
        for layer in (*self.down, self.code, *self.up):
            draw(layer.weight.flatten(1), self._initializer, fed_by, generator)
            fed_by = layer.chosen

    def arrange(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """Images are their own targets; for Bernoulli pixels they are binarized: x > 0.5."""
        images = (x > 0.5).to(x.dtype) if self.binary else x
        return images, images

    def encoded(self, inputs: Tensor, draws: StepRandom | None = None) -> Tensor:
        """Output of the code layer for images (B, 1, H, W): (B, D_z), for a VAE (B, 2 D_z)."""
        h = inputs if self._start else inputs.flatten(1)
        for layer in self.down:
            h = layer(h)
            h = draws.dropout(h) if draws else h
        z: Tensor = self.code.z(h.flatten(1))
        return z

    def decode(self, z: Tensor, draws: StepRandom | None = None) -> Tensor:
        """θ (B, 1, H, W) of codes (B, D_z)."""
        h = z
        for place, layer in enumerate(self.up):
            h = layer(h)
            if place == 0 and self._start:
                h = h.view(-1, *self._start)
            if draws and place < len(self.up) - 1:
                h = draws.dropout(h)
        return h.view(-1, *self.image)

    def mean_code(self, inputs: Tensor) -> Tensor:
        """The code of images (B, 1, H, W) for display, (B, D_z): z, or a VAE's μ(x)."""
        return self.encoded(inputs)

    def forward(self, inputs: Tensor, draws: StepRandom | None = None) -> Tensor:
        return self.decode(self.encoded(inputs, draws), draws)


class Vae(Autoencoder):
    """q(z | x) = N(μ, diag(σ²)); z = μ + σ ε in training, μ for display."""

    numbers = 2

    def posterior(self, inputs: Tensor, draws: StepRandom | None = None) -> tuple[Tensor, Tensor]:
        """μ (B, D_z) and log σ² (B, D_z) of images (B, 1, H, W)."""
        mu, log_variance = self.encoded(inputs, draws).chunk(2, dim=1)
        return mu, log_variance

    def mean_code(self, inputs: Tensor) -> Tensor:
        return self.posterior(inputs)[0]

    def forward(self, inputs: Tensor, draws: StepRandom | None = None) -> Tensor:
        mu, log_variance = self.posterior(inputs, draws)
        z = mu if draws is None else sampled(mu, log_variance, draws.normal(mu))
        return self.decode(z, draws)


def sampled(mu: Tensor, log_variance: Tensor, noise: Tensor) -> Tensor:
    """z = μ + σ ε, the reparameterized sample (Kingma and Welling 2014), all (…, D_z)."""
    return torch.addcmul(mu, (0.5 * log_variance).exp(), noise)
