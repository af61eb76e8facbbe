"""One head at one query in a single equation, as far as a stage has computed it."""

from __future__ import annotations

from math import sqrt
from typing import Any, Literal

import numpy as np

from livenet.pictures import Equation, Operand, Plot, Sign
from livenet.probes.finite import finite
from livenet.probes.steps.equations import Named, array, operand
from livenet.probes.steps.transformer_names import Spot
from livenet.probes.steps.walk import Shown

Step = Literal["match", "shares", "values"]
MOST = 128
"""Places and numbers of a head that are shown, around the key and the chosen number."""


def with_head(shown: list[Plot] | Shown, spot: Spot, step: Step, row: int) -> Shown:
    """What a stage shows, with the plot ``head`` and the fact ``attention``.

    Items of the plot, each with as many rows as there are places T or numbers d: ``s_i`` (NaN for
    keys that the mask hides), ``q_i``, ``k_j`` and their products; from ``shares`` on ``a_i`` and
    ``\\hat a_i``, the same after dropout; of ``values`` ``V`` (T, d) and ``o_i``.

    The fact: ``step``; ``d``; of the chosen key ``sum`` (the products'), ``score`` and ``hidden``;
    from ``shares`` on ``exp``, ``total`` (the row's), ``share`` and ``weight``, its share after
    dropout; of ``values`` ``number``, the one of the output that is worked out, from 0, and
    ``left_out``.
    """
    one = shown if isinstance(shown, Shown) else Shown(tuple(shown), {})
    number = min(row, spot.d - 1)
    equation = Equation(_formula(spot), tuple(_items(spot, step, number)))
    plot = Plot("head", (equation,), title=f"Head {spot.head} at place {spot.query + 1}")
    fact = {"attention": _fact(spot, step, number)}
    return Shown((plot, *one.plots), {**one.facts, **fact})


def _formula(spot: Spot) -> str:
    share = r"\operatorname{softmax}_j \left(q_i \cdot k_j / \sqrt{d}\right)"
    dropout = "" if spot.values.mask is None else r"\, r_{ij}"
    return rf"o_i = \textstyle\sum_j {share}{dropout}\, v_j"


def _items(spot: Spot, step: Step, number: int) -> list[Operand | Sign]:
    trace = spot.values.trace
    q, k = spot.q(), Named("k_{j}", array(spot.of_head(trace.k)[spot.key]))
    products = q.values.astype(np.float64) * k.values
    found = [
        operand(_by_place(spot, "s_{i}", array(spot.of_head(trace.scores)[spot.query])),
                spot.key, 0, most=MOST),
        operand(q, number, 0, most=MOST),
        operand(k, number, 0, most=MOST),
        operand(Named(r"q_{i} \odot k_{j}", products.astype(np.float32)), number, 0, most=MOST),
    ]  # fmt: skip
    if step != "match":
        for row in (spot.share_row(), spot.dropped_row()):
            whole = np.full((len(spot.labels), 1), np.nan, np.float32)
            whole[: spot.visible] = row.values
            found.append(operand(_by_place(spot, row.symbol, whole), spot.key, 0, most=MOST))
    if step == "values":
        found.append(operand(spot.matrix("V"), spot.key, number, most=MOST))
        found.append(operand(spot.output(), number, 0, most=MOST))
    return list(found)


def _by_place(spot: Spot, symbol: str, values: Any) -> Named:
    return Named(symbol, np.where(np.isfinite(values), values, np.nan), row_labels=spot.labels)


def _fact(spot: Spot, step: Step, number: int) -> dict[str, Any]:
    trace, key = spot.values.trace, spot.key
    q, k = (array(spot.of_head(one)[at]) for one, at in ((trace.q, spot.query), (trace.k, key)))
    total = float((q.astype(np.float64) * k).sum())
    scores = array(spot.of_head(trace.scores)[spot.query])[: spot.visible, 0].astype(np.float64)
    score = total / sqrt(spot.d) if spot.hidden else float(scores[key])
    found: dict[str, Any] = {
        "step": step,
        "d": spot.d,
        "sum": finite(total),
        "score": finite(score),
        "hidden": spot.hidden,
    }
    if step == "match":
        return found
    found |= {
        "exp": 0.0 if spot.hidden else finite(float(np.exp(score))),
        "total": finite(float(np.exp(scores).sum())),
        "share": 0.0 if spot.hidden else finite(float(spot.shares[key])),
        "weight": 0.0 if spot.hidden else finite(float(spot.dropped_row().values[key, 0])),
    }
    if step == "shares":
        return found
    return found | {"number": number, "left_out": spot.ablated}
