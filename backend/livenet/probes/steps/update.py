"""The update: from the minibatch's gradient to the new parameter, line by line.

The numbers are those of livenet.training.optimizers, run on copies. To add an optimizer, add the
lines of its formula to ``LINES``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

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
from livenet.probes.steps.equations import Named, factor, number, operand, product
from livenet.probes.steps.rows import StepByStepOptions
from livenet.probes.steps.walk import Shown, Stage
from livenet.spec import optimizer as spec
from livenet.spec.base import Kind
from livenet.training.upcoming import Upcoming, Update

MOST_EXAMPLES = 256  # of a minibatch that have a bar


@dataclass(frozen=True)
class Gradients:
    """Of the minibatch's loss: the mean, and each example's share."""

    mean: Mapping[str, Tensor]
    """By parameter, in its shape: exactly what the step takes."""
    each: Callable[[str, tuple[int, ...]], Tensor]
    """∂ℓ_i/∂w (B,) of one entry, of each example's own loss."""


@dataclass(frozen=True)
class Quantities:
    """The numbers of one parameter's update."""

    w: float
    g: float
    before: Mapping[str, float]
    after: Mapping[str, float]
    new: float
    eta: float
    t: int


@dataclass(frozen=True)
class Written:
    """One line: a symbol, its formula and the same with numbers (all LaTeX), and the value."""

    symbol: str
    formula: str
    numbers: str
    value: float

    def document(self) -> dict[str, Any]:
        return {
            "symbol": self.symbol,
            "formula": self.formula,
            "numbers": self.numbers,
            "value": self.value if np.isfinite(self.value) else None,
        }


def _mean(beta: float, before: float, g: float) -> str:
    """β · before + (1 − β) · g, in LaTeX."""
    return rf"{number(beta)} \times {factor(before)} + {number(1 - beta)} \times {factor(g)}"


def _times(*factors: float) -> str:
    """The same of −a · b …"""
    return "-" + r" \times ".join([number(factors[0]), *map(factor, factors[1:])])


def _sgd(knobs: spec.Sgd, q: Quantities) -> list[Written]:
    direction, name = q.g, "g"
    lines = []
    if knobs.momentum:
        v = q.after["momentum"]
        lines.append(
            Written(
                "v",
                r"\mu v + g",
                f"{product((knobs.momentum, q.before['momentum']))} + {factor(q.g)}",
                v,
            )
        )
        direction, name = v, "v"
        if knobs.nesterov:
            direction, name = q.g + knobs.momentum * v, r"(g + \mu v)"
            lines.append(
                Written(
                    "d", r"g + \mu v", f"{number(q.g)} + {product((knobs.momentum, v))}", direction
                )
            )
            name = "d"
    return [*lines, _change(rf"-\eta {name}", _times(q.eta, direction), -q.eta * direction)]


def _adam(knobs: spec.Adam | spec.AdamW, q: Quantities) -> list[Written]:
    b1, b2 = knobs.beta1, knobs.beta2
    m, v = q.after["m"], q.after["v"]
    lines = [
        Written("m", r"\beta_1 m + (1 - \beta_1) g", _mean(b1, q.before["m"], q.g), m),
        Written("v", r"\beta_2 v + (1 - \beta_2) g^2", _mean(b2, q.before["v"], q.g) + "^2", v),
    ]
    names = "m", r"\sqrt v"
    root = float(np.sqrt(max(v, 0.0)))
    if knobs.bias_correction:
        names = r"\hat m", r"\sqrt{\hat v}"
        one, two = 1 - b1**q.t, 1 - b2**q.t
        lines += [
            Written(
                names[0],
                r"m / (1 - \beta_1^t)",
                rf"{number(m)} / (1 - {number(b1)}^{{{q.t}}})",
                m / one,
            ),
            Written(
                names[1],
                r"\sqrt{v / (1 - \beta_2^t)}",
                rf"\sqrt{{{number(v)} / (1 - {number(b2)}^{{{q.t}}})}}",
                root / two**0.5,
            ),
        ]
        m, root = m / one, root / two**0.5
    decay = q.eta * knobs.weight_decay if isinstance(knobs, spec.AdamW) else 0.0
    if decay:
        lines.append(
            Written("d", r"-\eta \lambda w", _times(q.eta, decay / q.eta, q.w), -decay * q.w)
        )
    change = -q.eta * m / (root + knobs.eps) - decay * q.w
    text = rf"-{number(q.eta)} \times {factor(m)} / ({number(root)} + {number(knobs.eps)})"
    formula = rf"-\eta\, {names[0]} / ({names[1]} + \varepsilon)"
    if decay:
        formula, text = f"{formula} + d", f"{text} + {factor(-decay * q.w)}"
    return [*lines, _change(formula, text, change)]


def _rmsprop(knobs: spec.RmsProp, q: Quantities) -> list[Written]:
    c, v = knobs.gamma, q.after["v"]
    lines = [Written("v", r"\gamma v + (1 - \gamma) g^2", _mean(c, q.before["v"], q.g) + "^2", v)]
    root, name = float(np.sqrt(max(v, 0.0))), r"\sqrt v"
    if knobs.centered:
        mean = q.after["mean"]
        root, name = float(np.sqrt(max(v - mean * mean, 0.0))), "s"
        lines += [
            Written(
                r"\bar g", r"\gamma \bar g + (1 - \gamma) g", _mean(c, q.before["mean"], q.g), mean
            ),
            Written("s", r"\sqrt{v - \bar g^2}", rf"\sqrt{{{number(v)} - {factor(mean)}^2}}", root),
        ]
    share = q.g / (root + knobs.eps)
    text = rf"{factor(q.g)} / ({number(root)} + {number(knobs.eps)})"
    if not knobs.momentum:
        return [
            *lines,
            _change(
                rf"-\eta\, g / ({name} + \varepsilon)",
                rf"-{number(q.eta)} \times {text}",
                -q.eta * share,
            ),
        ]
    u = q.after["momentum"]
    lines.append(
        Written(
            "u",
            rf"\mu u + g / ({name} + \varepsilon)",
            f"{product((knobs.momentum, q.before['momentum']))} + {text}",
            u,
        )
    )
    return [*lines, _change(r"-\eta u", _times(q.eta, u), -q.eta * u)]


def _change(formula: str, numbers: str, value: float) -> Written:
    return Written(r"\Delta w", formula, numbers, value)


LINES: dict[type[Kind], Callable[[Any, Quantities], list[Written]]] = {
    spec.Sgd: _sgd,
    spec.Adam: _adam,
    spec.AdamW: _adam,
    spec.RmsProp: _rmsprop,
}


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
