"""What is written of an update, line by line, for each optimizer.

To add an optimizer, add the lines of its formula to ``LINES``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from livenet.probes.finite import finite
from livenet.probes.steps.equations import factor, number, product
from livenet.spec import optimizer as spec
from livenet.spec.base import Kind


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
            "value": finite(self.value),
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
