"""The gradient of the final loss by earlier states: the norm of ∂L/∂h_t by the lag T − t."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from math import ceil, floor, log10
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from livenet.errors import ProbeUnfit
from livenet.models.rnn import Rnn
from livenet.models.through_time import state_gradients
from livenet.pictures import Area, Axis, Line, Picture, Plot, Role, grid
from livenet.probes.batching import batch_size, batches
from livenet.probes.context import REQUEST_SECONDS, Context, payable
from livenet.probes.incomplete import first_of, incomplete, late
from livenet.probes.sequences.rows import GradientLagOptions
from livenet.probes.sequences.states import layer_number, recurrent
from livenet.spec import RunSpec
from livenet.spec.cost import FLOPS, forward_flops
from livenet.training.likelihoods import UNSCORED, Likelihood
from livenet.training.streams import stream

BACKWARD = 4  # the cost of the gradients by all states of a sequence, in forward passes
Norms = NDArray[np.float64]
MAX_SECONDS = 0.2  # seconds per sequence, by the cost model, from which a line is left out
KEPT = 256  # pieces of untrained nets with cached norms
SMALLEST = 1e-30  # a smaller norm is not drawn on a logarithmic axis
BESIDE: tuple[tuple[str, str, float, Role], ...] = (
    ("untrained RNN", "rnn", 0.0, "negative"),
    ("untrained LSTM, bias 1", "lstm", 1.0, "third"),
    ("untrained LSTM, bias 4", "lstm", 4.0, "positive"),
)
"""Label, cell, forget-gate bias and colour of the reference nets."""


def gradient_lag(context: Context, options: GradientLagOptions) -> Picture:
    """One plot, ``gradient_lag``: the median over test sequences of ‖∂L/∂h_t‖, and the band from
    the 10th to the 90th percentile, on a log scale. L is a sequence's loss at its last time step.

    Dashed lines show the norms of a plain RNN and LSTMs of the same size before training, one LSTM
    with a forget-gate bias of 1 and one of 4. They are equal for all runs of a size and task, so
    that they serve as a reference between runs.

    A line ends where its median is 0 or negligible, and the note states the lag.

    Facts: ``at_0`` and ``at_end`` (medians at lag 0 and at the first time step), their ratio (None
    if the first is 0), ``lag``, ``layer``, ``layers``, and ``untrained``: the end of each dashed
    line, by its label.
    """
    model = recurrent(context)
    number = layer_number(model, options.layer)
    part = "test" if len(context.parts["test"][0]) else "train"
    most = payable(BACKWARD * forward_flops(context.spec), REQUEST_SECONDS)
    count = min(options.sequences, most)
    inputs, targets = (values[:count] for values in context.parts[part])
    size, budget = batch_size(context, BACKWARD, kept=True), context.budget.share(0.5)
    start = budget.left
    norms = np.concatenate(
        [
            lag_norms(model, context.likelihood, inputs[some], targets[some], number)
            for some in batches(budget, len(inputs), size)
        ]
    )  # (N, T), by lag
    each = (start - budget.left) / len(norms)  # seconds per sequence
    few = first_of(context, len(norms), len(inputs), "sequences", "Ask for fewer.")
    norms = _over_first(norms) if options.relative else norms
    if not np.isfinite(norms).all():
        raise ProbeUnfit(
            "The gradient overflows on its way back, so there is no norm to draw",
            path="probe",
            hint="Look at an earlier step.",
        )
    low, middle, high = np.percentile(norms, [10, 50, 90], axis=0)
    lags = np.arange(norms.shape[1], dtype=np.float32)
    beside, coming, expensive = _beside(context, options, number, inputs, targets, each)
    left_out = [
        late(context, f"All but the lines of: {', '.join(labels)}", remedy)
        for labels, remedy in (
            (coming, "They come with the next pictures."),
            (expensive, "Take fewer units or layers."),
        )
        if labels
    ]
    ends = _ends([low, high, *(line.y for line in beside)])
    low, high = np.maximum(low, ends[0]), np.maximum(high, ends[0])
    note = "‖∂L/∂h‖ so many steps before the end"
    if (middle <= SMALLEST).any():
        note += f"; none from lag {int(np.argmax(middle <= SMALLEST))} on"
    unit = "of lag 0" if options.relative else ""
    plot = Plot(
        "gradient_lag",
        (
            Area(lags, grid(low), grid(high), color="accent", label="10% to 90%"),
            *beside,
            Line(lags, grid(_drawn(middle)), color="accent", label="this net, now", width=2.5),
        ),
        title="Gradient of the last loss, by lag",
        note=note,
        x=Axis("lag T − t", 0.0, float(max(len(lags) - 1, 1)), "steps", whole=True),
        y=Axis("‖∂L/∂h‖", *ends, unit, scale="log"),
    )
    facts = {
        "at_0": float(middle[0]),
        "at_end": float(middle[-1]),
        "ratio": float(middle[-1] / middle[0]) if middle[0] > 0 else None,
        "lag": len(lags) - 1,
        "layer": number,
        "layers": len(model.cells),
        "untrained": {line.label: float(np.nan_to_num(line.y[-1])) for line in beside},
        **incomplete(few, *left_out),
    }
    return Picture(context.step, (plot,), facts)


def _drawn(norms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Norms that can be drawn on a logarithmic axis; NaN for the others."""
    return np.where(norms > SMALLEST, norms, np.nan)


def _ends(curves: Sequence[NDArray[Any]]) -> tuple[float, float]:
    """Powers of ten around all drawn norms, at least one power apart."""
    every = np.concatenate([np.ravel(curve) for curve in curves])
    every = every[every > SMALLEST]
    if not len(every):
        return 0.1, 1.0
    low = floor(log10(every.min()) + 1e-4)
    return 10.0**low, 10.0 ** max(ceil(log10(every.max())), low + 1)


def _over_first(norms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Norms (N, T) divided by those at lag 0."""
    return np.asarray(norms / np.maximum(norms[:, :1], 1e-30))


_untrained: OrderedDict[tuple[object, ...], Norms] = OrderedDict()
"""Norms of untrained nets by net, layer and piece: they are equal for all pictures. So a later
picture contains what the budget leaves out of one."""


def _beside(
    context: Context,
    options: GradientLagOptions,
    layer: int,
    inputs: Tensor,
    targets: Tensor,
    each: float,
) -> tuple[list[Line], list[str], list[str]]:
    """The dashed lines, and the labels of those that the budget leaves out in this picture, and of
    those that it always leaves out. each: seconds that a sequence of this net took."""
    document = context.spec.document()
    key = json.dumps([document[name] for name in ("seed", "data", "model", "objective")])
    lines: list[Line] = []
    coming: list[str] = []
    expensive: list[str] = []
    for label, cell, forget_bias, color in BESIDE:
        flops = forward_flops(_spec(context, cell, forget_bias))
        if BACKWARD * flops > MAX_SECONDS * FLOPS:
            expensive.append(label)
            continue
        likely = each * flops / forward_flops(context.spec)
        case = (key, cell, forget_bias, layer)
        norms = _norms_untrained(context, case, inputs, targets, likely)
        if norms is None:
            coming.append(label)
            continue
        norms = _over_first(norms) if options.relative else norms
        middle = _drawn(np.median(norms, axis=0))
        lags = np.arange(len(middle), dtype=np.float32)
        lines.append(Line(lags, grid(middle), color=color, label=label, dashed=True))
    return lines, coming, expensive


def _norms_untrained(
    context: Context,
    case: tuple[str, str, float, int],
    inputs: Tensor,
    targets: Tensor,
    each: float,
) -> Norms | None:
    """The norms (N, T) of a net that differs from the run's only in cell and forget bias, drawn
    with the run's seed; None if the budget ends first. each: approximate seconds per sequence."""
    _, cell, forget_bias, layer = case
    size = batch_size(context, BACKWARD, kept=True)
    net: Rnn | None = None
    found: list[Norms] = []
    for start in range(0, len(inputs), size):
        some = slice(start, min(start + size, len(inputs)))
        key = (*case, some.start, some.stop)
        if key not in _untrained:
            if context.budget.spent or context.budget.left < each * (some.stop - some.start):
                return None
            net = net or _net(context, cell, forget_bias)
            norms = lag_norms(net, context.likelihood, inputs[some], targets[some], layer)
            _untrained[key] = norms
            if len(_untrained) > KEPT:
                _untrained.popitem(last=False)
        else:
            _untrained.move_to_end(key)
        found.append(_untrained[key])
    return np.concatenate(found)


def _spec(context: Context, cell: str, forget_bias: float) -> RunSpec:
    """The run's spec with another cell and forget bias."""
    cells = {"cell": cell, "forget_bias": forget_bias}
    return context.spec.model_copy(update={"model": context.spec.model.model_copy(update=cells)})


def _net(context: Context, cell: str, forget_bias: float) -> Rnn:
    net = Rnn(_spec(context, cell, forget_bias))
    net.initialize(stream(context.spec.seed, "initialization"))
    return net.to(context.device)


def lag_norms(
    model: Rnn, likelihood: Likelihood, inputs: Tensor, targets: Tensor, layer: int
) -> NDArray[np.float64]:
    """‖∂L/∂h_t‖ of every sequence (N, T), lag 0 first: L is its loss at the last time step."""
    last = targets.clone()  # (N, T)
    last[:, :-1] = float("nan") if last.is_floating_point() else UNSCORED
    with torch.inference_mode():
        theta = model(inputs)
        # ``gradient`` is of the mean over the sequences; that of each sequence's own is N times it.
        direct = likelihood.gradient(theta, last) * len(inputs)
        by_state = state_gradients(model, inputs, direct)[layer - 1]  # (N, T, D)
        norms = by_state.double().norm(dim=2).flip(1)
    return np.asarray(norms.cpu().numpy())
