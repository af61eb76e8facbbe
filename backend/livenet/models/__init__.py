"""Models: one family per file, from a spec to a torch module that can name its layers.

network      the interface of every model   step_random  a step's random numbers
build        from a spec to its model       arrange      pairs of sequences as one row

mlp          the multilayer perceptron      backprop     its δ recurrence, written out
cnn          convolutional networks         blocks, residual_block, norms: their parts
rnn          recurrent networks             recurrent, through_time: their cells and gradients
transformer  layers of attention            attention, positions, linear: their parts
autoencoder  plain and variational          halving: their convolutions
"""

from livenet.models.build import build
from livenet.models.mlp import Mlp
from livenet.models.network import Network
from livenet.models.step_random import StepRandom

__all__ = ["Mlp", "Network", "StepRandom", "build"]
