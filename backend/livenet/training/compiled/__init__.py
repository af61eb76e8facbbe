"""The training of small multilayer perceptrons in machine code.

In every process that trains:
available    links the object code, once
code         makes it callable                       layout       what both sides agree on
perceptron   a run's tensors, passed to the code         registries   which choices have functions
preload      loads it when it is imported

Only where the object code is made, with Numba:
build        from Python to object code                  kernels      forward, backward, steps
loops        those around the registries' functions      philox       random numbers of dropout
elementary   exp, tanh and others, vectorised            translation  what Numba is given
"""
