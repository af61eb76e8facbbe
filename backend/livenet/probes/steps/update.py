"""The update: from the minibatch's gradient to the new parameter, line by line.

The numbers are those of livenet.training.optimizers, run on copies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from livenet.errors import OptionError
from livenet.pictures import (
    Array,
    Axis,
    Bars,
    Equation,
    Line,
    Operand,
    Plot,
    Sign,
    Term,
    Worked,
    grid,
)
from livenet.probes.context import Context
from livenet.probes.steps.equations import Named, factor, number, operand
from livenet.probes.steps.rows import StepByStepOptions
from livenet.probes.steps.update_lines import LINES, Quantities, Written
from livenet.probes.steps.walk import Shown, Stage
from livenet.training.upcoming import Upcoming, Update

MOST_EXAMPLES = 256  # of a minibatch that have a bar


@dataclass(frozen=True)
class Gradients:
    """Of the minibatch's loss: the mean, and each example's share."""

    mean: Mapping[str, Tensor]
    """By parameter, in its shape: exactly what the step takes."""
    each: Callable[[str, tuple[int, ...]], Tensor]
    """∂ℓ_i/∂w (B,) of one entry, of each example's own loss."""


def update_stage(
    context: Context,
    options: StepByStepOptions,
    upcoming: Upcoming,
    gradients: Callable[[], Gradients],
) -> Stage:
    """The last stage of every walk."""
    return Stage(
        "update",
        "update",
        "Update",
        "The mean over the minibatch, and what the optimizer makes of it",
        lambda: _show(context, options, upcoming, gradients()),
    )


def _show(
    context: Context, options: StepByStepOptions, upcoming: Upcoming, gradients: Gradients
) -> Shown:
    made = upcoming.update(dict(gradients.mean))
    name = options.parameter or next(iter(upcoming.places))
    if name not in upcoming.places:
        raise OptionError(
            f"There is no parameter {name!r}",
            path="options.parameter",
            hint=f"Parameters: {', '.join(upcoming.places)}.",
        )
    start, shape = upcoming.places[name]
    index = _index(shape, options)
    at = start + int(np.ravel_multi_index(index, shape))
    mean = float(gradients.mean[name][index])
    q = _quantities(made, at, upcoming)
    knobs = context.spec.optimizer
    reg = context.spec.regularization
    lines = [
        Written(
            "g",
            r"\tfrac{1}{|B|} \sum_{i \in B} \partial \ell_i / \partial w",
            rf"\text{{mean of }} {len(upcoming.rows)}",
            mean,
        )
    ]
    if reg.l2 or reg.l1:
        parts, numbers = ["g"], [number(mean)]
        if reg.l2:
            parts.append(r"\lambda_2 w")
            numbers.append(rf"{number(reg.l2)} \times {factor(q.w)}")
        if reg.l1:
            parts.append(r"\lambda_1 \operatorname{sign} w")
            numbers.append(rf"{number(reg.l1)} \times {factor(float(np.sign(q.w)))}")
        lines.append(Written("g", " + ".join(parts), " + ".join(numbers), q.g))
    lines += LINES[type(knobs)](knobs, q)
    whole = {
        key: made_of[start : start + shape.numel()].view(shape[0] if shape else 1, -1)
        for key, made_of in (("g", made.gradient), ("w", made.phi), ("new", made.updated))
    }
    row, column = np.unravel_index(int(np.ravel_multi_index(index, shape)), whole["w"].shape)
    cell = int(row), int(column)
    plots = [
        _bars(gradients.each(name, index), mean),
        Plot("change", (_sum(name, whole, cell),), title="The new parameter"),
    ]
    facts = {
        "parameter": name,
        "parameters": list(upcoming.places),
        "shape": list(shape),
        "index": list(index),
        "weight": q.w,
        "updated": q.new,
        "lines": [line.document() for line in lines],
    }
    return Shown(tuple(plots), facts)


def _index(shape: tuple[int, ...], options: StepByStepOptions) -> tuple[int, ...]:
    """The entry: the first index is the row, the others together are the column."""
    if not shape:
        return ()
    row = min(options.row, shape[0] - 1)
    others = shape[1:]
    inside = min(options.column, int(np.prod(others)) - 1)
    return (row, *(int(i) for i in np.unravel_index(inside, others))) if others else (row,)


def _quantities(made: Update, at: int, upcoming: Upcoming) -> Quantities:
    return Quantities(
        w=float(made.phi[at]),
        g=float(made.gradient[at]),
        before={name: float(values[at]) for name, values in made.before.items()},
        after={name: float(values[at]) for name, values in made.after.items()},
        new=float(made.updated[at]),
        eta=upcoming.eta,
        t=upcoming.t,
    )


def _bars(each: Tensor, mean: float) -> Plot:
    values: Array = each.detach().cpu().numpy()[:MOST_EXAMPLES]
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    count = len(values)
    names = tuple(str(i + 1) for i in range(count))
    ends = np.array([0.5, count + 0.5])
    pad = 0.06 * (high - low)
    return Plot(
        "each",
        (
            Bars(grid(values), names),
            Line(grid(ends), grid(np.full(2, mean)), color="ink", label="mean", dashed=True),
        ),
        title="The derivative for each example of the batch",
        x=Axis("example", 0.5, count + 0.5, whole=True),
        y=Axis("∂ℓ/∂w", low - pad, high + pad if high > low else low + 1.0),
    )


def _sum(name: str, whole: dict[str, Tensor], at: tuple[int, int]) -> Equation:
    old, new = (whole[key].detach().cpu().numpy() for key in ("w", "new"))
    row, column = at
    results = Named(r"w'", new), Named("w", old), Named(r"\Delta w", new - old)
    items: tuple[Operand | Sign, ...] = (
        operand(results[0], row, column),
        Sign("="),
        operand(results[1], row, column),
        Sign("+"),
        operand(results[2], row, column),
    )
    w, change = float(old[row, column]), float(new[row, column]) - float(old[row, column])
    terms = (
        Term("w", "", w, ((2, row, column),)),
        Term(r"\Delta w", "", change, ((4, row, column),)),
    )
    return Equation(
        r"w' = w + \Delta w", items, Worked(r"w'", row, column, terms, float(new[row, column]))
    )
