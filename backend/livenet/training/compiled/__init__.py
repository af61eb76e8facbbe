"""The training of small multilayer perceptrons in machine code, which Numba makes.

kernels     forward, backward, whole steps, evaluation     dispatch   a registry's function by code
perceptron  a run's tensors, passed to the kernels         layout     a network as numbers
philox      random numbers of dropout                      available  loads it, from a cache
preload     loads it when it is imported
"""
