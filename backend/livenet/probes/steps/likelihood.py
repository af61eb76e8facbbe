"""The likelihood of a sequence as a product over its scored places, and its derivative by θ."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from livenet.pictures import Axis, Bars, Equation, Plot, Sign, Term, Worked, grid
from livenet.probes.sequences.sequence import causal
from livenet.probes.steps.equations import (
    MOST_TERMS,
    Named,
    array,
    combined,
    derivative,
    factor,
    few,
    operand,
    renamed,
    scaled,
)
from livenet.probes.steps.sequences import Reading
from livenet.probes.steps.walk import Shown


def loss(reading: Reading, theta: Tensor) -> Shown:
    """Plots ``product`` (Π_t p(y_t | x_≤t), a factor each scored place), ``loss``, ``losses`` (by
    place) and, if this place is scored, ``here``: its own. Fact ``log_likelihood``. θ: (T, K)."""
    logs = log_factors(reading, theta)
    names = [_factor(reading, t) for t in reading.scored]
    labels = tuple(f"{t + 1}: {reading.labels[t]}" for t in reading.scored)
    total, n = float(np.sum(logs)), len(logs)
    nll = reading.context.likelihood.nll(theta[None], reading.example.y[reading.example.at][None])
    plots = [
        Plot(
            "product",
            (_product(reading, names, labels, logs),),
            title="How probable the true sequence is",
        ),
        Plot(
            "loss",
            (_mean(names, labels, logs, float(nll)),),
            title="The loss: the mean of −log p over the scored places",
        ),
        _by_place(reading, logs),
    ]
    if reading.place in reading.scored:
        mark = reading.prediction(theta, reading.place).loss()
        mark = renamed(mark, r"\ell", r"\ell_t")
        plots.append(Plot("here", (mark,), title=f"The loss at place {reading.place + 1}"))
    return Shown(tuple(plots), {"log_likelihood": total, "loss": float(nll), "scored": n})


def log_factors(reading: Reading, theta: Tensor) -> list[float]:
    """log p(y_t | …) of every scored place in turn, in nats."""
    y = reading.example.y[reading.example.at]
    nll = reading.context.likelihood.nll
    each = (slice(t, t + 1) for t in reading.scored)
    return [-float(nll(theta[None, one].double(), _double(y[None, one]))) for one in each]


def _double(y: Tensor) -> Tensor:
    return y.double() if y.is_floating_point() else y


def _factor(reading: Reading, place: int) -> str:
    given = rf"x_{{\le {place + 1}}}" if causal(reading.context) else "x"
    return rf"p(y_{{{place + 1}}} \mid {given})"


def _product(
    reading: Reading, names: list[str], labels: tuple[str, ...], logs: list[float]
) -> Equation:
    given = r"x_{\le t}" if causal(reading.context) else "x"
    factors = Named(
        rf"p(y_t \mid {given})",
        np.exp(np.array(logs))[:, None],
        colors="sequential",
        row_labels=labels,
    )
    with np.errstate(over="ignore", under="ignore"):
        # As it is drawn: a product of many factors may be 0 in single precision.
        value = float(np.exp(np.sum(logs)).astype(np.float32))
    result = Named(r"p(y \mid x)", np.array([[value]]), colors="sequential")
    order = np.argsort(logs, kind="stable")  # the smallest factors first
    kept = sorted(order[: MOST_TERMS - 1] if len(logs) > MOST_TERMS else order)
    terms = [Term(names[k], "", float(np.exp(logs[k])), ((3, k, 0),)) for k in map(int, kept)]
    rest = [logs[k] for k in range(len(logs)) if k not in set(kept)]
    if rest:
        terms.append(Term(rf"\text{{{len(rest)} others}}", "", float(np.exp(sum(rest)))))
    items = (operand(result, 0, 0), Sign("="), Sign(r"\prod_t"), operand(factors, 0, 0))
    worked = Worked(r"p(y \mid x)", 0, 0, tuple(terms), value, "×")
    return Equation(rf"p(y \mid x) = \prod_t p(y_t \mid {given})", items, worked)


def _mean(names: list[str], labels: tuple[str, ...], logs: list[float], total: float) -> Equation:
    n = len(logs)
    share = "-" if n == 1 else rf"-\tfrac{{1}}{{{n}}}"
    by = "-" if n == 1 else rf"{share} \times "
    column = Named(r"\log p", np.array(logs)[:, None], row_labels=labels)
    terms = [
        Term(rf"{share} \log {name}", f"{by}{factor(value)}", -value / n, ((4, k, 0),))
        for k, (name, value) in enumerate(zip(names, logs, strict=True))
    ]
    result = Named(r"\ell", np.array([[total]], np.float32))
    items = (
        operand(result, 0, 0),
        Sign("="),
        Sign(share),
        Sign(r"\sum_t"),
        operand(column, 0, 0),
    )
    worked = Worked(r"\ell", 0, 0, few(terms), result.at(0, 0))
    return Equation(rf"\ell = {share} \sum_t \log p(y_t \mid \cdot)", items, worked)


def _by_place(reading: Reading, logs: list[float]) -> Plot:
    found = np.zeros(reading.seen.steps)  # a bar cannot be missing: unscored ones have height 0
    found[list(reading.scored)] = -np.array(logs)
    low, high = min(float(found.min()), 0.0), max(float(found.max()), 0.01)
    bars = Bars(grid(found), reading.labels, color="test")
    return Plot("losses", (bars,), title="−log p by place", y=Axis("−log p", low, high, "nats"))


def by_theta(reading: Reading, theta: Tensor, direct: Tensor, row: int) -> list[Plot]:
    """∂ℓ/∂θ_t at this place: of its own loss ℓ_t, and of ℓ, the mean of n of them. θ and
    ``direct`` = ∂ℓ/∂θ: (T, K)."""
    t, n = reading.place, len(reading.scored)
    result = derivative(r"\theta_t", array(direct[t]))
    if t not in reading.scored:
        mark = Equation(f"{result.symbol} = 0", (operand(result, row, 0),))
        return [Plot("delta", (mark,), title="Nothing is scored here")]
    mark = reading.prediction(theta, t).delta("e", row)
    mark = renamed(mark, r"\partial \ell}", r"\partial \ell_t}")
    plots = [Plot("delta_here", (mark,), title="Of the loss at this place")]
    own = Named("e", array(direct[t] * n))
    if n == 1:
        formula, title = f"{result.symbol} = e", "The only place that is scored"
        equation = combined(result, [own], "+", formula=formula, at=(row, 0))
    else:
        share = rf"\tfrac{{1}}{{{n}}}"
        formula, title = rf"{result.symbol} = {share} \, e", f"Of the mean over {n} places"
        equation = scaled(result, own, 1 / n, share, formula=formula, at=(row, 0))
    return [*plots, Plot("delta", (equation,), title=title)]
