"""Probes: pure functions from a run at one step to a picture, one a file.

table      what probes there are, with their options; no torch
options    a probe's options, checked; no torch
context    what a probe is given
run        ``look``: a probe by name
decision, neurons, network, weights, regions: the probes
"""
