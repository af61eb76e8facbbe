"""Models, as a spec names them: a family a file, its layers in numbers beside it.

base         what every family says of itself      rnn          recurrent networks
mlp          the multilayer perceptron             transformer  attention
cnn          blocks of convolution and pooling     autoencoder  plain and variational
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from livenet.spec.base import members
from livenet.spec.model.autoencoder import Autoencoder, Autoencoding, Vae
from livenet.spec.model.base import ModelKind
from livenet.spec.model.cnn import BLOCKS, Cnn, LayerNorm, MaxPool
from livenet.spec.model.mlp import Mlp
from livenet.spec.model.rnn import Rnn
from livenet.spec.model.transformer import Transformer

Model = Annotated[
    Mlp | Cnn | Rnn | Transformer | Autoencoder | Vae, Field(discriminator="kind")
]  # fmt: skip
KINDS: tuple[type[ModelKind], ...] = members(Model)

__all__ = [
    "BLOCKS", "KINDS", "Autoencoder", "Autoencoding", "Cnn", "LayerNorm", "MaxPool", "Mlp",
    "Model", "ModelKind", "Rnn", "Transformer", "Vae",
]  # fmt: skip
