"""Probes: pure functions from a run at one step to a picture, one a file.

table      the table of probes, with their options; no torch
options    checks a probe's options; no torch
context    the input of a probe
run        ``look``: runs a probe by name
decision, neurons, network, weights, regions: the probes
"""
