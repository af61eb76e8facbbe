"""Estimates a run's cost from its spec, before anything is allocated.

The figures are for one busy core, rounded up: 25 µs of overhead a step and 12 µs a
call (a layer is one or more), 32 GFLOP/s for wide layers, and 8 ns a parameter for the optimizer,
which is bound by memory. Machine code (livenet.spec.arithmetic) has figures of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from livenet.spec.arithmetic import arithmetic

if TYPE_CHECKING:
    from livenet.spec.run import RunSpec

FLOPS = 32e9
OPTIMIZER_SECONDS = 8e-9  # a parameter
STEP_OVERHEAD = 25e-6
LAYER_OVERHEAD = 12e-6
CHUNK_SECONDS = 0.05
FLOAT_BYTES = 4
COMPILED_FLOPS = 16e9
COMPILED_UNIT_SECONDS = 8e-9  # the activation of a unit, and its derivative
COMPILED_OPTIMIZER_SECONDS = 2e-9  # a parameter
COMPILED_OVERHEAD = 2e-6


def forward_flops(spec: RunSpec) -> int:
    """Floating-point operations of the forward pass of one example."""
    return sum(layer.flops for layer in spec.layers)


def _calls(spec: RunSpec) -> int:
    return sum(layer.calls for layer in spec.layers)


def step_seconds(spec: RunSpec) -> float:
    """A training step, in the arithmetic of the spec."""
    if arithmetic(spec) == "torch":
        return tensor_step_seconds(spec)
    units = sum(layer.values for layer in spec.layers)
    each = 3 * forward_flops(spec) / COMPILED_FLOPS + units * COMPILED_UNIT_SECONDS
    descent = spec.parameter_count * COMPILED_OPTIMIZER_SECONDS
    return COMPILED_OVERHEAD + spec.batch_size * each + descent


def tensor_step_seconds(spec: RunSpec) -> float:
    """A step in tensor operations: forward, backward (twice as much), and the optimizer's pass over
    φ."""
    work = 3 * spec.batch_size * forward_flops(spec) / FLOPS
    descent = spec.parameter_count * OPTIMIZER_SECONDS
    return STEP_OVERHEAD + _calls(spec) * LAYER_OVERHEAD + work + descent


def row_seconds(spec: RunSpec) -> float:
    """Seconds for a row of the series: one forward pass of the evaluated examples of both parts."""
    examples = sum(evaluated(spec))
    chunks = -(-examples // evaluation_chunk(spec))
    return chunks * _calls(spec) * LAYER_OVERHEAD / 3 + examples * forward_flops(spec) / FLOPS


def evaluated(spec: RunSpec) -> tuple[int, int]:
    """The numbers of training and test examples that a row of the series evaluates."""
    train, test = spec.data.train_count, spec.data.samples - spec.data.train_count
    most = spec.data.evaluated
    return (train, test) if most is None else (min(train, most), min(test, most))


def memory_bytes(spec: RunSpec) -> int:
    """The most memory of a run, in bytes: φ, its gradient, two moments and the copies of a snapshot
    and an update; the data; and each layer's values and their gradients for a minibatch or a chunk.
    """
    parameters = 8 * spec.parameter_count
    data = 2 * spec.data.samples * (spec.data.numbers + 1)
    rows = max(spec.batch_size, evaluation_chunk(spec))
    values = spec.data.numbers + sum(layer.values for layer in spec.layers)
    return FLOAT_BYTES * (parameters + data + 3 * rows * values)


def snapshot_bytes(spec: RunSpec) -> int:
    """The most bytes of a packed snapshot: φ, two moments, and a few kB of metadata."""
    return FLOAT_BYTES * 3 * spec.parameter_count + 4096


def evaluation_chunk(spec: RunSpec) -> int:
    """The number of examples evaluated at once: a power of two that takes at most about 50 ms."""
    affordable = CHUNK_SECONDS * FLOPS / max(1, forward_flops(spec))
    chunk = 4096
    while chunk > 32 and chunk > affordable:
        chunk //= 2
    return chunk
