"""Model families, one a file: spec -> torch Module that can name its layers.

mlp        the multilayer perceptron
backprop   its gradient, layer by layer
"""

from livenet.models.mlp import Dense, LayerTrace, Mlp

__all__ = ["Dense", "LayerTrace", "Mlp"]
