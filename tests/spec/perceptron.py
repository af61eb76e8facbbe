"""A spec's model where it is known to be a multilayer perceptron."""

from livenet.spec import RunSpec
from livenet.spec.model import Mlp


def perceptron(spec: RunSpec) -> Mlp:
    assert isinstance(spec.model, Mlp)
    return spec.model
