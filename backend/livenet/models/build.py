"""Builds the model of a spec. To add a family, add its class here."""

from __future__ import annotations

from collections.abc import Callable

from livenet.models.autoencoder import Autoencoder, Vae
from livenet.models.cnn import Cnn
from livenet.models.mlp import Mlp
from livenet.models.network import Network
from livenet.models.rnn import Rnn
from livenet.models.transformer import Transformer
from livenet.spec import RunSpec
from livenet.spec import model as specs

FAMILIES: dict[type[specs.ModelKind], Callable[[RunSpec], Network]] = {
    specs.Mlp: Mlp,
    specs.Cnn: Cnn,
    specs.Rnn: Rnn,
    specs.Transformer: Transformer,
    specs.Autoencoder: Autoencoder,
    specs.Vae: Vae,
}


def build(spec: RunSpec) -> Network:
    """The model of a spec, not yet initialized."""
    return FAMILIES[type(spec.model)](spec)
