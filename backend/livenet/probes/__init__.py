"""Probes: pure functions from a run at one step to a picture, one a file.

table      the table of probes, with their options; no torch
options    checks a probe's options; no torch
context    the input of a probe
run        ``run_probe``: runs a probe by name
row        what a row of the table has       fit      refuses a spec that a probe does not fit

The probes stand in folders by subject, a file each beside the rows of their folder: outputs,
networks, regions, gradients, images, autoencoders, sequences, transformers.
"""
